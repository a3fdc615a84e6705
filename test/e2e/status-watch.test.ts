// `status --watch` as people run it: on a terminal of its own, into a pipe, against a gateway that goes away, and where it may not look.
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Child } from "../support/child.ts";
import { CliRoom } from "../support/cli.ts";
import { type Edge, EDGE_TOKEN, startEdge } from "../support/edge.ts";
import { PROGRAM } from "../support/program.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { polled } from "../support/wait.ts";

/** Of util-linux: runs a command on a terminal of its own. */
const SCRIPT = "/usr/bin/script";
const ESCAPE = String.fromCharCode(0x1b);
const ENTER = `${ESCAPE}[?1049h`;
const LEAVE = `${ESCAPE}[?25h${ESCAPE}[?1049l`;
const ASKED = { model: "openclaw", messages: [{ role: "user", content: "x" }] };

const room = new CliRoom();
let provider: Provider;
let edge: Edge;

const configOf = (enabled = true): object => ({
  models: { mode: "replace", providers: { a: { baseUrl: provider.url, apiKey: "k", models: [{ id: "m" }] } } },
  agents: { defaults: { model: { primary: "a/m" } } },
  edge: { statusPage: { enabled } },
});

beforeAll(async () => {
  provider = await startProvider();
  provider.on("m", play.answer({ texts: ["one"] }));
  edge = await startEdge({ config: configOf() });
  room.file("openclaw.json", configOf());
  await (await edge.post("/v1/chat/completions", ASKED)).text();
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
  room.remove();
});

const words = (to: Edge, ...more: readonly string[]): string[] => [
  PROGRAM,
  "status",
  "--watch",
  "--interval",
  "0.1",
  "--config",
  "openclaw.json",
  "--port",
  new URL(to.url).port,
  ...more,
];
const envOf = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: room.home,
  OPENCLAW_GATEWAY_TOKEN: EDGE_TOKEN,
  ...more,
});
const start = (args: readonly string[], env = envOf()): Child => Child.start({ args, env, cwd: room.home });

/** The same on a terminal. The process says its id first, so that a signal reaches it as Ctrl-C would. */
function onTerminal(to: Edge, env: Record<string, string> = {}): Child {
  const line = [process.execPath, ...words(to)].map((word) => `'${word}'`).join(" ");
  const command = `stty columns 100 rows 30; echo pid=$$; exec ${line}`;
  return Child.start({
    command: SCRIPT,
    args: ["-qec", command, "/dev/null"],
    env: envOf({ SHELL: "/bin/sh", TERM: "xterm-256color", ...env }),
    cwd: room.home,
  });
}

/** The letter that Linux gives a process: `T` stands still. */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "";
}

async function pidOf(child: Child): Promise<number> {
  const [, pid] = await child.line(/pid=(\d+)/);
  return Number(pid);
}

describe("status --watch into a pipe", () => {
  it("prints a plain snapshot per interval until it is interrupted: exit 0", async () => {
    const child = start(words(edge));
    await child.until(
      () => child.stdout.filter((line) => line.startsWith("openclaw-edge ")).length >= 3,
      "3 snapshots",
    );
    expect(await child.stop("SIGINT")).toBe(0);
    const text = child.stdout.join("\n");
    expect(text).toMatch(/openclaw\/main \(default\) {2}1 answer in ten minutes\n {2}1 {2}a\/m {2}● ready/);
    expect(text).not.toContain(ESCAPE);
    expect(child.stderr).toEqual([]);
  });

  it("--json prints one document a line, the same that the page is drawn from", async () => {
    const child = start(words(edge, "--json"));
    await child.until(() => child.stdout.length >= 2, "2 documents");
    expect(await child.stop("SIGTERM")).toBe(0);
    const of = (await (await edge.get("/status.json")).json()) as Record<string, unknown>;
    for (const line of child.stdout) {
      const document = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(document)).toEqual(Object.keys(of));
      expect(document).toMatchObject({ revision: of["revision"], rows: of["rows"] });
    }
  });

  it("that a full disk does not take ends, and fails", async () => {
    const line = words(edge, "--json").map((word) => `'${word}'`);
    const args = ["-c", `exec '${process.execPath}' ${line.join(" ")} >/dev/full`];
    const child = Child.start({ command: "sh", args, env: envOf(), cwd: room.home });
    expect(await child.exited).toBe(1);
    expect(child.stderr).toEqual(["openclaw-edge: stdout cannot be written (ENOSPC)"]);
  });

  it("ends when its reader does", async () => {
    const child = start(words(edge, "--json"));
    await child.until(() => child.stdout.length >= 1, "a document");
    child.output("close");
    expect(await child.exited).toBe(0);
  });

  it.each([
    ["a wrong credential", ["--token", "another"], 4, /status 401: /],
    ["nobody there", ["--url", "http://127.0.0.1:1"], 3, /cannot be reached \(ECONNREFUSED\)/],
    ["two ways at once", ["--deep"], 2, /--watch and --deep exclude each other/],
    ["no interval", ["--interval", "0"], 2, /--interval must be a number of at least 0.1/],
  ])("%s is said and ends it", async (_what, more, code, problem) => {
    const child = start(words(edge, ...more));
    expect([await child.exited, child.stdout]).toEqual([code, []]);
    expect(child.stderr.join("\n")).toMatch(problem);
  });

  it("what listens there and is no gateway is told apart", async () => {
    const child = start(words(edge, "--url", provider.origin));
    expect([await child.exited, child.stderr.join()]).toEqual([1, expect.stringContaining("no gateway of this kind")]);
  });

  it("an interval without a watch is a wrong word", async () => {
    const { code, stderr } = await room.run("status --interval 3 --config openclaw.json");
    expect([code, stderr]).toEqual([2, expect.stringContaining("--interval goes with --watch")]);
  });

  it("a page that is switched off is named", async () => {
    await using off = await startEdge({ config: configOf(false) });
    const child = start(words(off));
    expect([await child.exited, child.stderr.join()]).toEqual([1, expect.stringContaining("edge.statusPage.enabled")]);
  });

  it("a gateway that goes away is waited for", async () => {
    await using gone = await startEdge({ config: configOf() });
    const child = start(words(gone));
    await child.until(() => child.stdout.length > 0, "a snapshot");
    await gone.child.stop("SIGKILL");
    await child.line(/cannot be reached|did not answer/);
    expect(await child.stop("SIGINT")).toBe(0);
  });
});

describe.runIf(existsSync(SCRIPT) && existsSync("/proc/self/stat"))("status --watch on a terminal", () => {
  const drawn = (child: Child): string => child.stdout.join("\n");
  const frames = (child: Child): number => drawn(child).split(`${ESCAPE}[H`).length - 1;

  it("draws in place on a second screen and leaves the first one as it was", async () => {
    const child = onTerminal(edge);
    const pid = await pidOf(child);
    await child.until(() => frames(child) >= 3, "3 frames");
    process.kill(pid, "SIGINT");
    expect(await child.exited).toBe(0);
    const text = drawn(child);
    expect(text.split(ENTER)).toHaveLength(2);
    expect(text.endsWith(LEAVE)).toBe(true);
    expect(text).toContain(`${ESCAPE}[32m● ready${ESCAPE}[39m`);
    const last = text.slice(text.lastIndexOf(`${ESCAPE}[H`));
    expect(last.split("\n").length).toBeLessThanOrEqual(30);
  });

  it("has no colours with NO_COLOR", async () => {
    const child = onTerminal(edge, { NO_COLOR: "1" });
    const pid = await pidOf(child);
    await child.until(() => frames(child) >= 1 && drawn(child).includes("● ready"), "a frame");
    process.kill(pid, "SIGTERM");
    expect(await child.exited).toBe(0);
    expect(drawn(child)).not.toContain(`${ESCAPE}[32m`);
  });

  it("is plain text on a terminal that can do nothing", async () => {
    const child = onTerminal(edge, { TERM: "dumb" });
    const pid = await pidOf(child);
    await child.line(/● ready/);
    process.kill(pid, "SIGINT");
    expect(await child.exited).toBe(0);
    expect(drawn(child)).not.toContain(ESCAPE);
  });

  it("gives the screen back when it is put aside, and draws again when it goes on", async () => {
    const child = onTerminal(edge);
    const pid = await pidOf(child);
    await child.until(() => frames(child) >= 1, "a frame");
    process.kill(pid, "SIGTSTP");
    await polled(async () => stateOf(pid) === "T", "the process to stand still");
    process.kill(pid, "SIGCONT");
    // The one that holds the terminal stands still with it, sooner or later, or not at all.
    const isDrawnAgain = async (): Promise<boolean> => {
      child.signal("SIGCONT");
      return drawn(child).split(ENTER).length >= 3;
    };
    await polled(isDrawnAgain, "the second screen again");
    process.kill(pid, "SIGINT");
    expect(await child.exited).toBe(0);
    expect(drawn(child).endsWith(LEAVE)).toBe(true);
    expect(drawn(child).split(LEAVE)).toHaveLength(3);
  });
});
