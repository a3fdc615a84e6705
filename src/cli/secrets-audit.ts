// `openclaw-edge secrets audit`: secrets in the open and references that lead nowhere. Document and exit codes are OpenClaw's.
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readEnvFile } from "../config/environment.ts";
import { locateConfig } from "../config/locate.ts";
import { readConfig } from "../config/read-file.ts";
import { type Audited, auditSecrets, type Finding, type FindingCode, openVariables } from "../config/secret-audit.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import { CONFIG_OPTION } from "./load.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { tellUnusable } from "./verdict.ts";
import { type Paint, paintFor } from "./paint.ts";
import { print } from "./print.ts";

const PROFILES = "auth-profiles.json";
const UNRESOLVED = 2;
const NOTHING: Audited = { findings: [], refsChecked: 0, skippedExecRefs: 0 };

/** What is printed. */
interface AuditDocument {
  readonly version: 1;
  readonly status: "clean" | "findings" | "unresolved";
  readonly resolution: {
    readonly refsChecked: number;
    readonly skippedExecRefs: number;
    readonly resolvabilityComplete: boolean;
  };
  readonly filesScanned: readonly string[];
  readonly summary: {
    readonly plaintextCount: number;
    readonly unresolvedRefCount: number;
    readonly shadowedRefCount: number;
    readonly legacyResidueCount: number;
  };
  readonly findings: readonly Finding[];
}

/** Audits; exits 2 for a reference that leads nowhere, 1 with `--check` for anything else. */
export const secretsAudit: Command = {
  operands: [],
  options: {
    ...CONFIG_OPTION,
    check: { type: "boolean", about: "Exit 1 when anything was found." },
    "allow-exec": { type: "boolean", about: "Run the commands of exec references, too." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const document = await audited(given, terminal);
    if (document === null) return EXIT.config;
    await print(document, { given, terminal }, () => textOf(document, paintFor(terminal, "stdout")));
    if (document.status === "unresolved") return UNRESOLVED;
    return given.flag("check") && document.status === "findings" ? EXIT.failed : EXIT.ok;
  },
};

async function audited(given: Given, terminal: Terminal): Promise<AuditDocument | null> {
  const { env, cwd, home } = terminal;
  const { path, stateDir, namedBy } = locateConfig({ argument: given.text("config"), env, cwd, home });
  const read = await readConfig({ path, env, cwd, stateDir });
  const isNone = namedBy === null && !read.ok && read.complaints.some(({ code }) => code === "file_missing");
  if (!read.ok && !isNone) {
    await tellUnusable({ source: path, complaints: read.complaints }, { given, terminal });
    return null;
  }
  const audit = read.ok ? await auditSecrets(read, { allowExec: given.flag("allow-exec") }) : NOTHING;
  const folders = [...new Set([cwd, stateDir])];
  const dotEnv = await Promise.all(
    folders.map(async (folder) => ({
      file: join(folder, ".env"),
      names: Object.keys((await readEnvFile(folder)).values),
    })),
  );
  const open = dotEnv.flatMap(({ file, names }) => openVariables(file, names));
  const residue = await residueIn([dirname(path), join(stateDir, "agents", "main", "agent")]);
  const found = dotEnv.filter(({ names }) => names.length > 0).map(({ file }) => file);
  return documentOf([...audit.findings, ...open, ...residue], audit, [...read.files, ...found]);
}

/** Logins that OpenClaw keeps, which nobody reads here. */
async function residueIn(folders: readonly string[]): Promise<readonly Finding[]> {
  const files = [...new Set(folders)].map((folder) => join(folder, PROFILES));
  const found = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => [file],
        () => [],
      ),
    ),
  );
  const message =
    "holds keys that this proxy does not read; move them to models.providers.<id>.apiKey or the environment";
  return found.flat().map((file) => ({ code: "LEGACY_RESIDUE", severity: "warn", file, jsonPath: "", message }));
}

function documentOf(
  findings: readonly Finding[],
  { refsChecked, skippedExecRefs }: { readonly refsChecked: number; readonly skippedExecRefs: number },
  filesScanned: readonly string[],
): AuditDocument {
  const count = (code: FindingCode): number => findings.filter((each) => each.code === code).length;
  const unresolvedRefCount = count("REF_UNRESOLVED");
  return {
    version: 1,
    status: unresolvedRefCount > 0 ? "unresolved" : findings.length > 0 ? "findings" : "clean",
    resolution: { refsChecked, skippedExecRefs, resolvabilityComplete: skippedExecRefs === 0 },
    filesScanned,
    summary: {
      plaintextCount: count("PLAINTEXT_FOUND"),
      unresolvedRefCount,
      shadowedRefCount: count("REF_SHADOWED"),
      legacyResidueCount: count("LEGACY_RESIDUE"),
    },
    findings,
  };
}

function textOf({ status, findings, summary, resolution, filesScanned }: AuditDocument, paint: Paint): string {
  const { plaintextCount, unresolvedRefCount, shadowedRefCount, legacyResidueCount } = summary;
  const counts = `plaintext=${plaintextCount}, unresolved=${unresolvedRefCount}, shadowed=${shadowedRefCount}, legacy=${legacyResidueCount}`;
  const word = status === "clean" ? paint.good(status) : paint.bad(status);
  const skipped = resolution.skippedExecRefs;
  const lines = [
    `Secrets audit: ${word}. ${counts}.`,
    `${resolution.refsChecked} references checked${skipped === 0 ? "" : `, ${skipped} of exec skipped (--allow-exec runs them)`}; ${filesScanned.length} files: ${filesScanned.join(", ")}`,
    ...findings.map(
      ({ code, file, jsonPath, message }) => `- [${code}] ${file}${jsonPath === "" ? "" : `:${jsonPath}`} ${message}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
