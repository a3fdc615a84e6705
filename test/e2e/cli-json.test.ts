// `--json` is for programs: one document on stdout, whatever comes of the command, and everything else on stderr.
import { describe, expect, it } from "vitest";
import { Child } from "../support/child.ts";
import { runCommand } from "../support/edge.ts";
import { mockConfig } from "../support/edge-config.ts";
import { PROGRAM } from "../support/program.ts";

/** Every command that knows `--json`, with what it needs, and what it says of a file that is wrong: its exit code and a key of its document. */
const COMMANDS: readonly (readonly [line: string, code: number, key: string])[] = [
  ["config validate", 1, "valid"],
  ["config file", 0, "path"],
  ["config show", 78, "valid"],
  ["models list", 78, "valid"],
  ["models status", 78, "valid"],
  ["models aliases list", 78, "valid"],
  ["models fallbacks list", 78, "valid"],
  ["models scan", 78, "valid"],
  ["infer model run --local --prompt hi", 78, "valid"],
  ["infer model run --gateway --prompt hi", 78, "valid"],
  ["explain openclaw", 78, "valid"],
  ["secrets audit", 78, "valid"],
  ["doctor", 1, "findings"],
  ["doctor --model mock/echo", 78, "valid"],
  ["status", 78, "config"],
  ["gateway status", 78, "config"],
  ["healthcheck", 3, "ok"],
  ["reload", 1, "result"],
  ["bench", 78, "valid"],
];

/** Where nobody listens. */
const NOWHERE = "http://127.0.0.1:1";

async function documentOf(line: string, config: object) {
  const { code, stdout } = await runCommand([...line.split(" "), "--json", "--config", "{config}"], { config });
  return { code, document: JSON.parse(stdout) as Readonly<Record<string, unknown>> };
}

describe("--json", { timeout: 30_000 }, () => {
  it.each(COMMANDS)("of '%s' prints one document when the config is wrong", async (line, code, key) => {
    const told = await documentOf(line, { modelz: {} });
    expect([told.code, Object.keys(told.document)]).toEqual([code, expect.arrayContaining([key])]);
  });

  it.each([
    [`bench --url ${NOWHERE}`, "error"],
    [`models scan --catalogue ${NOWHERE}`, "error"],
    [`infer model run --gateway --prompt hi --url ${NOWHERE}`, "error"],
    ["reload --port 1", "message"],
    [`healthcheck --url ${NOWHERE}`, "error"],
  ])("of '%s' prints one document when nobody is there: exit 3", async (line, key) => {
    const { code, document } = await documentOf(line, mockConfig());
    expect([code, Object.keys(document)]).toEqual([3, expect.arrayContaining([key])]);
  });
});

// `config schema | jq` failed: the process ended as soon as the pipe had taken its first 64 KiB.
describe("a result", { timeout: 30_000 }, () => {
  /** Runs a line of a shell, in which `edge` is the product. */
  async function inShell(line: string) {
    const child = Child.start({
      command: "sh",
      args: ["-c", `edge() { "${process.execPath}" "${PROGRAM}" "$@"; }; ${line}`],
      env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
    });
    const code = await child.exited;
    return { code, stdout: child.stdout.join("\n"), stderr: child.stderr.join("\n") };
  }

  it("that is longer than a pipe holds arrives whole", async () => {
    const { stdout } = await inShell("edge config schema | cat");
    expect(Object.keys(JSON.parse(stdout) as object)).toContain("properties");
  });

  it("of complaints that is longer than a pipe holds arrives whole", async () => {
    const wrong = Array.from({ length: 2000 }, (_, at) => [`wrong${at}`, at]);
    const { stderr } = await runCommand(["config", "validate", "--config", "{config}"], {
      config: { edge: Object.fromEntries(wrong) },
    });
    expect(stderr.match(/is not a key of the config/g)).toHaveLength(wrong.length);
  });

  it("that a full disk does not take fails the command", async () => {
    const { code, stderr } = await inShell("edge version >/dev/full");
    expect([code, stderr]).toEqual([1, "openclaw-edge: stdout cannot be written (ENOSPC)"]);
  });
});
