// The one way from surroundings to a running configuration: find the file, read it, look up its secrets, compile it.
// Prints nothing and ends nothing: what to do with the result is the caller's.
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hash } from "node:crypto";
import { Secret } from "../core/secret.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Traits } from "./changed-keys.ts";
import { compile, type CompileContext, type Compiled, isFatal } from "./compile.ts";
import { complain, complainAt, type Complaint } from "./complaint.ts";
import { embeddedDefault, type Probe } from "./embedded-default.ts";
import { layered, readEnvFile, type Environment } from "./environment.ts";
import { type FileMark, FileMarks } from "./file-marks.ts";
import { readGatewayTls } from "./gateway-tls.ts";
import { type ConfigPlace, locateConfig } from "./locate.ts";
import { choosePort } from "./port.ts";
import { parseConfigTree, readConfig } from "./read-file.ts";
import type { ReadConfig, ReadResult } from "./read-result.ts";
import type { Config } from "./schema/root.ts";
import { lookUpSecrets, type SecretBook } from "./secrets.ts";
import { unvalued } from "./unvalued.ts";

/** Command line options that change the configuration; null where not given. */
export interface LoadFlags {
  readonly config: string | null;
  readonly port: string | null;
  readonly bind: string | null;
  readonly auth: string | null;
  readonly token: string | null;
  readonly password: string | null;
}

/** The process and its machine, as values. */
export interface LoadInput {
  readonly flags: LoadFlags;
  readonly env: Environment;
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
  /** A person watches the terminal: a token may be made up and shown. */
  readonly interactive: boolean;
  readonly probe: Probe;
  /** Addresses of this machine's interfaces. */
  readonly localAddresses: readonly string[];
  readonly version: string;
  /** Processor cores that the process may use. */
  readonly cores: number;
  /** Memory that it may use, in bytes; null where only the machine limits it. */
  readonly memoryBytes: number | null;
  /** Lower-case hex digits for as many random bytes. */
  readonly randomHex: (bytes: number) => string;
  /** Unix milliseconds. */
  readonly wallMs: number;
  /** True for the process that serves: it may write what it makes. Others only look. */
  readonly serves: boolean;
}

/** A configuration that can run. */
export interface Loaded {
  readonly ok: true;
  readonly snapshot: Snapshot;
  /** Also holds errors of code `agent_unusable`: a gateway starts with them, `config validate` fails (decision 25). */
  readonly warnings: readonly Complaint[];
  /** To be shown once; null when the operator has a token or needs none. */
  readonly generatedToken: Secret | null;
  /** Path of the file, or `embedded default`. */
  readonly source: string;
  /** What the embedded default found; null for a file. */
  readonly found: string | null;
  /** Every file that the config is made of. */
  readonly files: readonly string[];
  /** What it was compiled from, for commands that show the config itself; holds keys as they are written. */
  readonly read: Secret<ReadConfig>;
  /** Its secrets, looked up. */
  readonly book: SecretBook;
  /** What the snapshot was compiled with beside the config: enough to compile it once more elsewhere. */
  readonly context: Secret<CompileContext>;
  /** Every file that had a say, and what it held: what a watcher watches. */
  readonly marks: ReadonlyMap<string, FileMark>;
  /** What another reading is compared with, to tell which keys changed. */
  readonly traits: Traits;
  /** What a changed file does. */
  readonly reload: Pick<Config["gateway"]["reload"], "mode" | "debounceMs" | "deferralTimeoutMs">;
}

/** A configuration that cannot run, and why. */
export interface NotLoaded {
  readonly ok: false;
  readonly complaints: readonly Complaint[];
  readonly source: string;
  readonly files: readonly string[];
  readonly marks: ReadonlyMap<string, FileMark>;
}

/** What loading gives. */
export type LoadResult = Loaded | NotLoaded;

/** Source of a configuration that came from no file. */
export const EMBEDDED = "embedded default";
const PROFILES = "auth-profiles.json";

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** OpenClaw keeps stored logins beside the config or in the agent's folder; we read neither and say so once (decision 25). */
async function profilesWarning({ path, stateDir }: ConfigPlace): Promise<readonly Complaint[]> {
  const places = [join(dirname(path), PROFILES), join(stateDir, "agents", "main", "agent", PROFILES)];
  for (const file of places) {
    if (!(await exists(file))) continue;
    const message =
      "is not read: move each key to models.providers.<id>.apiKey, or to the provider's environment variable such as OPENAI_API_KEY";
    return [
      complainAt({ file, line: 1, column: 1 }, { severity: "warning", code: "auth_profiles", path: [], message }),
    ];
  }
  return [];
}

/** A config that was read, and what is known of its origin. */
interface Origin {
  readonly result: ReadResult;
  readonly source: string;
  readonly harmless: boolean;
  readonly found: string | null;
}

/** Only a file that nobody named may be missing (decision 28 a and b). */
function isAbsent(result: ReadResult, place: ConfigPlace): boolean {
  return place.namedBy === null && !result.ok && result.complaints.some(({ code }) => code === "file_missing");
}

async function originOf(input: LoadInput, marks: FileMarks): Promise<Origin & { readonly place: ConfigPlace }> {
  const { env, cwd, home, flags, probe } = input;
  const place = locateConfig({ argument: flags.config, env, cwd, home });
  const { path, stateDir } = place;
  const result = await readConfig({ path, env, cwd, stateDir, marks });
  if (!isAbsent(result, place)) return { result, source: path, harmless: false, found: null, place };
  const files = await Promise.all([readEnvFile(cwd, marks), readEnvFile(stateDir, marks)]);
  const all = layered([env, ...files.map(({ values }) => values)]);
  const { config, harmless, found } = await embeddedDefault(all, probe);
  return { result: parseConfigTree(config, all), source: EMBEDDED, harmless, found, place };
}

/** What was compiled, with what it was compiled of. */
interface Built extends Compiled {
  readonly book: SecretBook;
  readonly context: CompileContext;
}

async function compileRead(read: ReadConfig, input: LoadInput, origin: Origin & Outside): Promise<Built> {
  const { flags, localAddresses, version, cores, memoryBytes, interactive, randomHex } = input;
  const names = [...new Set(["localhost", "127.0.0.1", "::1", ...localAddresses])];
  const { place, marks } = origin;
  const places = { folder: dirname(origin.source), env: read.env, stateDir: place.stateDir, marks };
  const making = { wallMs: input.wallMs, keep: input.serves, names, randomHex };
  const [book, { tls, grievances }] = await Promise.all([
    lookUpSecrets(read, marks),
    readGatewayTls(read.config.gateway, { ...places, making }),
  ]);
  const port = choosePort({ argument: flags.port, env: read.env, configured: read.config.gateway.port });
  const { source, harmless } = origin;
  const process = { localAddresses, version, cores, memoryBytes, interactive, randomHex };
  const context = { ...process, book, flags, source, harmless, tls, port: typeof port === "number" ? port : 0 };
  const compiled = compile(read, context);
  const outside = grievances.map((grievance) => complain(read.positions, grievance));
  const found = [...outside, ...(typeof port === "number" ? [] : [port])];
  return { ...compiled, book, context, complaints: [...found, ...compiled.complaints] };
}

/** Where a config is, and what was read around it. */
interface Outside {
  readonly marks: FileMarks;
  readonly place: ConfigPlace;
}

/** What the written tree does not show: secrets by place, `.env` files, certificates, addresses of this machine. */
function outsideOf(
  book: SecretBook,
  { gateway }: Snapshot,
  { marks, place, cwd }: Outside & { readonly cwd: string },
): ReadonlyMap<string, string> {
  const { tls, hosts } = gateway;
  const envFiles = [join(cwd, ".env"), join(place.stateDir, ".env")];
  return new Map([
    ...book.marks(),
    ...envFiles.map((file) => [file, marks.of(file) ?? ""] as const),
    ["gateway.bind", hosts.join()],
    ["gateway.tls.certPath", hash("sha256", tls?.cert ?? "")],
    ["gateway.tls.keyPath", hash("sha256", tls?.key.reveal() ?? "")],
    ["gateway.tls.caPath", hash("sha256", tls?.clientCa ?? "")],
  ]);
}

/** Loads the configuration; never rejects for anything that an operator can cause. */
export async function loadSnapshot(input: LoadInput): Promise<LoadResult> {
  const marks = new FileMarks();
  const { place, ...origin } = await originOf(input, marks);
  const { result, source, found } = origin;
  const { files } = result;
  if (!result.ok) return { ok: false, complaints: result.complaints, source, files, marks: await marks.all() };
  const [profiles, compiled] = await Promise.all([
    profilesWarning(place),
    compileRead(result, input, { ...origin, place, marks }),
  ]);
  const complaints = [...result.warnings, ...profiles, ...unvalued(compiled.complaints, result)];
  const { snapshot, generatedToken, book, context } = compiled;
  const shared = { source, files, marks: await marks.all() };
  if (snapshot === null || complaints.some(isFatal)) return { ...shared, ok: false, complaints };
  const outside = outsideOf(book, snapshot, { marks, place, cwd: input.cwd });
  const traits = { tree: new Secret(result.written), outside };
  return {
    ...shared,
    ok: true,
    snapshot,
    warnings: complaints,
    generatedToken,
    found,
    read: new Secret(result),
    book,
    context: new Secret(context),
    traits,
    reload: result.config.gateway.reload,
  };
}
