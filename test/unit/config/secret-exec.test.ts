// Programs that give out secrets: real ones, small shell scripts in a folder of their own.
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Environment } from "../../../src/config/environment.ts";
import { secretAnswers } from "../../../src/config/secret-protocol.ts";
import { polled } from "../../support/wait.ts";
import { compileTree, headersOf, withProvider } from "./compile-rig.ts";

let root = "";

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "edge-exec-")));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A program of these shell lines. */
async function program(lines: string, mode = 0o700): Promise<string> {
  const path = join(root, "vault");
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, mode);
  return path;
}

const says = (document: unknown): string => `cat > /dev/null; printf '%s' '${JSON.stringify(document)}'`;
const gives = (values: object): string => says({ protocolVersion: 1, values });

/** A config whose provider `p` has these keys, each an id of the program. */
function config(command: string, place: object = {}, { ids = ["p"], secrets = {} as object } = {}): unknown {
  const apiKey = ids.map((id) => ({ source: "exec", provider: "vault", id }));
  return withProvider(
    { apiKey },
    { secrets: { providers: { vault: { source: "exec", command, ...place } }, ...secrets } },
  );
}

async function keysOf(tree: unknown, env: Environment = {}) {
  const { snapshot, complaints } = await compileTree(tree, { env });
  const target = snapshot?.targets.get("p/m");
  const keys = target?.credentials.map((_, at) => headersOf(target, at)["authorization"]?.replace("Bearer ", "")) ?? [];
  return { keys, problems: complaints.filter(({ code }) => code === "missing_secret").map(({ message }) => message) };
}

describe("a program", () => {
  it("is asked once for all ids, by protocol 1, on its standard input", async () => {
    const command = await program(
      `cat > "${root}/asked"; printf '%s' '{"protocolVersion":1,"values":{"a":"k-a","b/c":"k-b"}}'`,
    );
    expect(await keysOf(config(command, {}, { ids: ["a", "b/c"] }))).toEqual({ keys: ["k-a", "k-b"], problems: [] });
    expect(JSON.parse(await readFile(join(root, "asked"), "utf8"))).toEqual({
      protocolVersion: 1,
      provider: "vault",
      ids: ["a", "b/c"],
    });
  });

  it.each<[sentence: string, lines: string, place: object, env: Environment, keys: string[]]>([
    ["may give a list of keys", gives({ p: ["k1", "k2"] }), {}, {}, ["k1", "k2"]],
    ["may say its secret as it is", "printf ' plain-key\\n'", { jsonOnly: false }, {}, ["plain-key"]],
    ["may speak the protocol all the same", gives({ p: "k" }), { jsonOnly: false }, {}, ["k"]],
    ["need not read the question", `printf '%s' '{"protocolVersion":1,"values":{"p":"k"}}'`, {}, {}, ["k"]],
    [
      "may start with a byte order mark",
      `printf '\\357\\273\\277{"protocolVersion":1,"values":{"p":"k"}}'`,
      {},
      {},
      ["k"],
    ],
    [
      "gets its arguments, and no shell reads them",
      'printf "%s" "$1"',
      { jsonOnly: false, args: ["$HOME;x"] },
      {},
      ["$HOME;x"],
    ],
    ["gets the environment of the file", 'printf "%s" "$OWN"', { jsonOnly: false, env: { OWN: "own" } }, {}, ["own"]],
    [
      "gets what is passed on",
      'printf "%s" "$MINE"',
      { jsonOnly: false, passEnv: ["MINE"] },
      { MINE: "mine" },
      ["mine"],
    ],
    ["gets nothing else of ours", 'printf "%s" "${MINE:-none}"', { jsonOnly: false }, { MINE: "mine" }, ["none"]],
    ["runs in its own folder", 'printf "%s" "${PWD##*/}" | cut -c1-9', { jsonOnly: false }, {}, ["edge-exec"]],
    ["may talk on stderr", `echo noise >&2; ${gives({ p: "k" })}`, {}, {}, ["k"]],
  ])("%s", async (_sentence, lines, place, env, keys) => {
    const PATH = process.env["PATH"];
    expect(await keysOf(config(await program(lines), place), { PATH, ...env })).toEqual({ keys, problems: [] });
  });

  it.each<[sentence: string, lines: string, place: object, problem: RegExp]>([
    ["ends with an error", "exit 3", {}, /ended with exit code 3$/],
    ["is killed", "kill -9 $$", {}, /was ended by SIGKILL$/],
    ["takes too long", "sleep 60", { timeoutMs: 100 }, /took longer than 100 ms$|wrote nothing for 100 ms$/],
    ["falls silent", "printf x; sleep 60", { noOutputTimeoutMs: 100 }, /wrote nothing for 100 ms$/],
    ["writes too much", "head -c 2000 /dev/zero", { maxOutputBytes: 1000 }, /wrote more than 1000 bytes$/],
    ["says no JSON", "printf secret-text", {}, /did not answer in JSON$/],
    [
      "speaks another protocol",
      says({ protocolVersion: 2, values: { p: "secret-text" } }),
      {},
      /does not answer by protocol 1$/,
    ],
    ["says nothing of the id", gives({ q: "secret-text" }), {}, /says nothing of p$/],
    ["gives no text", gives({ p: 7 }), {}, /gives no text for p$/],
    ["gives a blank text", gives({ p: " " }), {}, /gives no text for p$/],
    [
      "reports an error of its own",
      says({ protocolVersion: 1, values: {}, errors: { p: { message: "vault is sealed" } } }),
      {},
      /has no p: vault is sealed$/,
    ],
  ])("that %s is told so, without what it wrote", async (_sentence, lines, place, problem) => {
    const { keys, problems } = await keysOf(config(await program(lines), place));
    expect([keys, problems]).toEqual([[], [expect.stringMatching(problem)]]);
    expect(problems.join()).not.toContain("secret-text");
  });

  it("is killed with all that it has started", async () => {
    const command = await program(`sleep 60 & echo $! > "${root}/child"; wait`);
    await keysOf(config(command, { timeoutMs: 500 }));
    const pid = Number(await readFile(join(root, "child"), "utf8"));
    await polled(async () => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
      return stat.split(") ")[1]?.startsWith("Z") === true;
    }, "the program's own child to be gone");
  });
});

describe("a program is refused", () => {
  const working = gives({ p: "k" });
  it.each<[sentence: string, make: () => Promise<unknown>, problem: RegExp]>([
    ["when it is not there", async () => config(join(root, "none")), /cannot be run \(ENOENT\)/],
    ["when it may not be run", async () => config(await program(working, 0o600)), /cannot be run \(EACCES\)/],
    ["when it is a folder", async () => config(root), /not a regular file/],
    [
      "when the group may write it",
      async () => config(await program(working, 0o770)),
      /may be written by others: chmod go-w/,
    ],
    ["when everybody may write it", async () => config(await program(working, 0o702)), /may be written by others/],
    [
      "when it is a symbolic link",
      async () => {
        await symlink(await program(working), join(root, "link"));
        return config(join(root, "link"));
      },
      /symbolic link/,
    ],
    [
      "when it lies elsewhere than in the trusted folders",
      async () => config(await program(working), { trustedDirs: ["/usr/bin"] }),
      /does not lie in one of trustedDirs/,
    ],
    [
      "when a link in a trusted folder leads out of it",
      async () => {
        await mkdir(join(root, "trusted"));
        await symlink(await program(working), join(root, "trusted", "link"));
        const place = { trustedDirs: [join(root, "trusted")], allowSymlinkCommand: true };
        return config(join(root, "trusted", "link"), place);
      },
      /does not lie in one of trustedDirs/,
    ],
    [
      "when it is asked for more ids than the file allows",
      async () =>
        config(await program(working), {}, { ids: ["p", "q"], secrets: { resolution: { maxRefsPerProvider: 1 } } }),
      /more than 1 references/,
    ],
    [
      "when the question is longer than the file allows",
      async () => config(await program(working), {}, { secrets: { resolution: { maxBatchBytes: 10 } } }),
      /longer than 10 bytes/,
    ],
    ["when an argument holds a NUL", async () => config(await program(working), { args: ["a\0b"] }), /hold a NUL/],
  ])("%s", async (_sentence, make, problem) => {
    const { keys, problems } = await keysOf(await make());
    expect(keys).toEqual([]);
    expect(problems[0]).toMatch(problem);
  });

  it.each<[sentence: string, place: object, mode: number]>([
    ["others may write it, and the file accepts that", { allowInsecurePath: true }, 0o722],
    ["it lies in a trusted folder", { trustedDirs: ["ROOT"] }, 0o700],
  ])("but not when %s", async (_sentence, place, mode) => {
    const trusted = "trustedDirs" in place ? { trustedDirs: [root] } : {};
    expect((await keysOf(config(await program(working, mode), { ...place, ...trusted }))).keys).toEqual(["k"]);
  });

  it("but not when it is a link and the file accepts that", async () => {
    await symlink(await program(working), join(root, "link"));
    expect((await keysOf(config(join(root, "link"), { allowSymlinkCommand: true }))).keys).toEqual(["k"]);
  });
});

describe("places are opened a few at a time", () => {
  it.each([
    [1, 1],
    [3, 3],
  ])("%i at once: at most %i run together", async (maxProviderConcurrency, most) => {
    const lines = `cat > /dev/null; mkdir "${root}/run.$$"; ls -d "${root}"/run.* | wc -l >> "${root}/seen"; sleep 0.1; rmdir "${root}/run.$$"; printf '%s' '{"protocolVersion":1,"values":{"p":"k"}}'`;
    const command = await program(lines);
    const aliases = ["a", "b", "c"];
    const apiKey = aliases.map((provider) => ({ source: "exec", provider, id: "p" }));
    const providers = Object.fromEntries(aliases.map((alias) => [alias, { source: "exec", command }]));
    const tree = withProvider({ apiKey }, { secrets: { providers, resolution: { maxProviderConcurrency } } });
    expect((await keysOf(tree)).problems).toEqual([]);
    const seen = (await readFile(join(root, "seen"), "utf8")).trim().split("\n").map(Number);
    expect(seen).toHaveLength(3);
    expect(Math.max(...seen)).toBeLessThanOrEqual(most);
  });
});

describe("the words of the protocol", () => {
  it("a reason is bounded and holds no control characters", () => {
    const text = JSON.stringify({
      protocolVersion: 1,
      values: {},
      errors: { a: { message: `x\u001b[31m\n${"y".repeat(500)}` } },
    });
    const answer = secretAnswers(text, ["a"], { command: "v", jsonOnly: true }).get("a");
    expect(answer).toEqual({ problem: expect.stringMatching(/^v has no a: x \[31m y{100,}$/) });
    expect(answer !== undefined && "problem" in answer && answer.problem.length).toBeLessThan(250);
  });

  it("ids that every object knows are not found there", () => {
    const answers = secretAnswers('{"protocolVersion":1,"values":{}}', ["constructor"], {
      command: "v",
      jsonOnly: true,
    });
    expect(answers.get("constructor")).toEqual({ problem: "v says nothing of constructor" });
  });

  it("text is no secret when several were asked for", () => {
    const answers = secretAnswers("text", ["a", "b"], { command: "v", jsonOnly: false });
    expect([...answers.values()]).toEqual([
      { problem: "v did not answer in JSON" },
      { problem: "v did not answer in JSON" },
    ]);
  });
});
