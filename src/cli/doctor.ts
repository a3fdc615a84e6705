// `openclaw-edge doctor`: everything that keeps this from working, each line with what to do. Repairs nothing.
import type { Target } from "../core/snapshot.ts";
import { findTarget } from "../routing/resolve.ts";
import { type Check, fail, type Finding, type Patient } from "./checks/finding.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { placeAt } from "./gateway-place.ts";
import { LOAD_OPTIONS, loadForReading, loadOrTell } from "./load.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { type Paint, paintFor } from "./paint.ts";
import { print } from "./print.ts";
import { progress } from "./progress.ts";
import type { Loaded } from "../config/load-snapshot.ts";
import { anyAgentsName } from "./usual-agent.ts";

/** The checks, in the order of the report; all run at once. */
const CHECKS: readonly (() => Promise<Check>)[] = [
  async () => (await import("./checks/machine.ts")).nodeVersion,
  async () => (await import("./checks/machine.ts")).openFiles,
  async () => (await import("./checks/config.ts")).configLoads,
  async () => (await import("./checks/config.ts")).configFiles,
  async () => (await import("./checks/config.ts")).secretsInFile,
  async () => (await import("./checks/door.ts")).port,
  async () => (await import("./checks/door.ts")).token,
  async () => (await import("./checks/providers.ts")).providers,
  async () => (await import("./checks/local-servers.ts")).localServers,
  async () => (await import("./checks/otlp.ts")).otlp,
];
const RUNGS = 5;
const TIMEOUT_MS = 60_000;
const SIGNS = { ok: "✓", warn: "!", fail: "✗" } as const;

/** Examines; exits 1 when a line says ✗. */
export const doctor: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    model: {
      type: "string",
      value: "REF",
      about: "Climb the ladder with this model instead; costs five short answers.",
    },
    timeout: { type: "string", value: "MS", about: "For each step of the ladder (60000)." },
    url: {
      type: "string",
      value: "URL",
      about:
        "Where clients come in: looks for a proxy that holds streams back, with the gateway's token. Costs one answer.",
    },
    offline: { type: "boolean", about: "Ask nobody beyond this machine and its network." },
    "non-interactive": { type: "boolean", about: "Accepted for scripts: nothing is ever asked." },
    deep: { type: "boolean", about: "Accepted: every check is always run." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const findings = given.text("model") === null ? await examined(given, terminal) : await climbed(given, terminal);
    if (findings === null) return EXIT.config;
    const healthy = !findings.some(({ verdict }) => verdict === "fail");
    await print({ ok: healthy, findings }, { given, terminal }, () => report(findings, paintFor(terminal, "stdout")));
    return healthy ? EXIT.ok : EXIT.failed;
  },
};

async function examined(given: Given, terminal: Terminal): Promise<readonly Finding[]> {
  const url = given.text("url");
  const front = url === null ? null : placeAt(url);
  const result = await loadForReading(given, terminal);
  const loaded = result.ok ? result : null;
  const patient: Patient = { terminal, loaded, result, online: !given.flag("offline") };
  const shown = await progress(terminal, `Running ${CHECKS.length} checks`, CHECKS.length);
  const findings = await Promise.all(
    CHECKS.map(async (check) => {
      const found = await (await check())(patient);
      shown.step(found[0]?.check ?? "");
      return found;
    }),
  );
  const held = front === null ? [] : [await heldBack(front.url, given, loaded)];
  shown.end("examined");
  return [...findings.flat(), ...held];
}

async function heldBack(url: URL, given: Given, loaded: Loaded | null): Promise<Finding> {
  const { buffering } = await import("./checks/buffering.ts");
  const auth = loaded?.snapshot.gateway.auth;
  const own = loaded?.generatedToken === null ? (auth?.token ?? auth?.password ?? null) : null;
  const model = loaded === null ? "openclaw" : anyAgentsName(loaded.snapshot);
  return buffering({ url, model, secret: given.text("token") ?? given.text("password") ?? own?.reveal() ?? null });
}

async function climbed(given: Given, terminal: Terminal): Promise<readonly Finding[] | null> {
  const ref = given.text("model") ?? "";
  const timeoutMs = given.number("timeout", TIMEOUT_MS, 1);
  const loaded = await loadOrTell(given, terminal);
  if (loaded === null) return null;
  const target = targetOf(ref, loaded);
  if (target.unavailable !== null)
    return [
      fail(
        "model",
        `${target.id} cannot be asked: ${target.unavailable}`,
        "'openclaw-edge models status' tells what is missing",
      ),
    ];
  const [{ DirectCorridor }, { climb }] = await Promise.all([import("./direct.ts"), import("./ladder.ts")]);
  const corridor = new DirectCorridor(loaded.snapshot);
  const shown = await progress(terminal, `Climbing with ${target.id}`, RUNGS);
  const findings = await climb({ loaded, target, corridor, timeoutMs }, ({ check }) => shown.step(check));
  await corridor.close();
  shown.end(target.id);
  return findings;
}

function targetOf(ref: string, { snapshot }: Loaded): Target {
  const known = findTarget(snapshot, ref);
  if (known !== null) return known;
  const slash = ref.indexOf("/");
  const provider = snapshot.providers.get(ref.slice(0, slash).toLowerCase());
  if (slash > 0 && provider !== undefined && !provider.lists) return provider.unlisted(ref.slice(slash + 1));
  throw new UsageError(`--model: there is no '${ref}'; 'openclaw-edge models list' names what there is`);
}

function report(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const paints = { ok: paint.good, warn: paint.warn, fail: paint.bad };
  const lines = findings.flatMap(({ check, verdict, message, fix }) => {
    const line = `${paints[verdict](SIGNS[verdict])} ${check.padEnd(width)}  ${message}`;
    return fix === null ? [line] : [line, `  ${"".padEnd(width)}  → ${fix}`];
  });
  return `${lines.join("\n")}\n`;
}
