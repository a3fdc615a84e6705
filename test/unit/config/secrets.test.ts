import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atPointer } from "../../../src/config/json-pointer.ts";
import { readSecretFile } from "../../../src/config/secret-file.ts";
import { onGuardedMount } from "../../../src/config/secret-mount.ts";
import { compileTree, headersOf, withProvider } from "./compile-rig.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-secrets-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function file(text: string, mode = 0o600): Promise<string> {
  const path = join(root, "secrets.json");
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

const bounds = (path: string) => ({ path, bytesMax: 100, timeoutMs: 5000, allowInsecurePath: false });

describe("a file of secrets", () => {
  it("is read without its byte order mark", async () => {
    expect(await readSecretFile(bounds(await file("\uFEFFabc")))).toEqual({ text: "abc", warning: null });
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ["is readable by everybody", () => file("x", 0o644), /may be read or written by others \(mode 0644\); chmod 600/],
    ["is readable by the group", () => file("x", 0o640), /mode 0640/],
    ["is writable by others", () => file("x", 0o602), /mode 0602/],
    ["is too large", () => file("x".repeat(101)), /larger than 100 bytes/],
    ["is not there", async () => join(root, "missing"), /ENOENT/],
    ["is a folder", async () => root, /not a regular file/],
    [
      "is a pipe that nobody writes to",
      async () => {
        execFileSync("mkfifo", [join(root, "pipe")]);
        return join(root, "pipe");
      },
      /not a regular file/,
    ],
    ["is a device", async () => "/dev/null", /not a regular file/],
  ])("is refused when it %s", async (_what, make, problem) => {
    expect(await readSecretFile(bounds(await make()))).toEqual({ problem: expect.stringMatching(problem) });
  });

  it.skipIf(process.getuid?.() !== 0)("is refused when it belongs to another user, and not by its mode", async () => {
    const path = await file("x");
    await chown(path, 65_534, 65_534);
    expect(await readSecretFile(bounds(path))).toEqual({
      problem: `${path} belongs to another user; chown it, or set allowInsecurePath`,
    });
  });

  it("that others may read is accepted where the file says so", async () => {
    const path = await file("x", 0o644);
    expect(await readSecretFile({ ...bounds(path), allowInsecurePath: true })).toEqual({ text: "x", warning: null });
  });

  it("may be reached by a link, as container platforms do it", async () => {
    const path = await file("x");
    await mkdir(join(root, "mount"));
    await symlink(path, join(root, "mount", "key"));
    expect(await readSecretFile(bounds(join(root, "mount", "key")))).toMatchObject({ text: "x" });
  });
});

describe("a mount that its reader cannot have written", () => {
  const TABLE = [
    "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw",
    "30 22 0:5 / /dev/shm rw,nosuid - tmpfs tmpfs rw",
    "31 22 0:6 / /run/secrets/my\\040app ro,relatime - ext4 /dev/sda1 rw",
    "32 22 0:7 / /data rw - ext4 /dev/sdb1 ro",
    "33 30 0:8 / /dev/shm/disk rw - ext4 /dev/sdc1 rw",
  ].join("\n");
  it.each<[string, boolean]>([
    ["/dev/shm/key", true],
    ["/dev/shmoo/key", false],
    ["/run/secrets/my app/key", true],
    ["/data/key", true],
    ["/dev/shm/disk/key", false],
    ["/etc/key", false],
  ])("%s: %s", (path, expected) => {
    expect(onGuardedMount(path, TABLE)).toBe(expected);
  });

  it("is nowhere where there is no table", () => {
    expect(onGuardedMount("/dev/shm/key", "")).toBe(false);
  });
});

describe("a JSON pointer", () => {
  const tree = { a: { "b/c": ["x", { "~d": "y" }] }, "": "empty" };
  it.each<[string, unknown]>([
    ["/a/b~1c/0", "x"],
    ["/a/b~1c/1/~0d", "y"],
    ["/", "empty"],
    ["/a/b~1c/2", undefined],
    ["/a/b~1c/00", undefined],
    ["/a/b~1c/length", undefined],
    ["/constructor", undefined],
    ["/a/x/y", undefined],
  ])("%s", (pointer, expected) => {
    expect(atPointer(tree, pointer)).toEqual(expected);
  });
});

const FILE = { source: "file", provider: "vault", id: "/p" } as const;
const withVault = (path: string, place: object = {}, apiKey: object = FILE) =>
  withProvider({ apiKey }, { secrets: { providers: { vault: { source: "file", path, ...place } } } });

async function keys(tree: unknown, env: Record<string, string> = {}) {
  const { snapshot, complaints } = await compileTree(tree, { env });
  const target = snapshot?.targets.get("p/m");
  return { keys: target?.credentials.map((_, at) => headersOf(target, at)["authorization"]), complaints };
}

describe("a reference into a file", () => {
  it("finds a text", async () => {
    expect((await keys(withVault(await file('{"p":"k"}')))).keys).toEqual(["Bearer k"]);
  });

  it("begins at the home folder where its path begins with ~", async () => {
    await file('{"p":"k"}');
    expect((await keys(withVault("~/secrets.json"), { HOME: root })).keys).toEqual(["Bearer k"]);
  });

  it("finds a list of keys", async () => {
    expect((await keys(withVault(await file('{"p":["a","b"]}')))).keys).toEqual(["Bearer a", "Bearer b"]);
  });

  it("finds the one value of a file, without the editor's newline", async () => {
    const tree = withVault(await file("\uFEFFk\r\n"), { mode: "singleValue" }, { ...FILE, id: "value" });
    expect((await keys(tree)).keys).toEqual(["Bearer k"]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["nothing at the pointer", async () => withVault(await file('{"q":"k"}')), /no text at \/p/],
    ["a number", async () => withVault(await file('{"p":1}')), /no text at \/p/],
    ["a blank text", async () => withVault(await file('{"p":" "}')), /no text at \/p/],
    ["no JSON", async () => withVault(await file("p=secret-value")), /is not JSON$/],
    [
      "an empty file",
      async () => withVault(await file("\n"), { mode: "singleValue" }, { ...FILE, id: "value" }),
      /is empty/,
    ],
    [
      "a pointer into a file of one value",
      async () => withVault(await file("k"), { mode: "singleValue" }),
      /holds one value/,
    ],
    ["a file that others may read", async () => withVault(await file('{"p":"k"}', 0o644)), /may be read/],
    ["a file that is too large", async () => withVault(await file('{"p":"k"}'), { maxBytes: 3 }), /larger than 3/],
  ])("that leads to %s is an error", async (_what, make, message) => {
    const { complaints } = await keys(await make());
    expect(complaints).toContainEqual(
      expect.objectContaining({
        severity: "error",
        code: "missing_secret",
        path: "models.providers.p.apiKey",
        message: expect.stringMatching(message),
      }),
    );
    expect(JSON.stringify(complaints)).not.toContain("secret-value");
  });
});

describe("a reference to the environment", () => {
  const ENV = { source: "env", provider: "default", id: "K" } as const;
  const withPlace = (place: object, alias = "default") =>
    withProvider({ apiKey: { ...ENV, provider: alias } }, { secrets: { providers: { [alias]: place } } });
  it.each<[string, unknown, Record<string, string>, string[]]>([
    ["is found", withProvider({ apiKey: ENV }), { K: "k" }, []],
    ["is missing", withProvider({ apiKey: ENV }), {}, ["K is not set"]],
    ["is blank", withProvider({ apiKey: ENV }), { K: "" }, ["K is not set"]],
    ["is on the list", withPlace({ source: "env", allowlist: ["K"] }), { K: "k" }, []],
    ["is not on the list", withPlace({ source: "env", allowlist: ["L"] }), { K: "k" }, ["allowlist"]],
    [
      "names no alias that exists",
      withProvider({ apiKey: { ...ENV, provider: "other" } }),
      { K: "k" },
      ["there is no secrets.providers.other"],
    ],
    [
      "names an alias that every object seems to have",
      withProvider({ apiKey: { ...ENV, provider: "constructor" } }),
      { K: "k" },
      ["there is no secrets.providers.constructor"],
    ],
    [
      "stands at a provider that is called params",
      { models: { providers: { params: { baseUrl: "https://p.example/v1", apiKey: ENV, models: [] } } } },
      { K: "k" },
      [],
    ],
    [
      "is the value of a header that is called params",
      withProvider({ apiKey: "a", headers: { params: ENV } }),
      { K: "k" },
      [],
    ],
    ["is none inside params", withProvider({ apiKey: "a", params: { user: { ...ENV, id: "NONE" } } }), {}, []],
    [
      "lies in OpenClaw's own store",
      withProvider({ apiKey: { source: "store", provider: "default", id: "my-key" } }),
      {},
      ["my-key lies in OpenClaw's own store, which is not read"],
    ],
    [
      "is known to a plugin alone",
      withProvider(
        { apiKey: { source: "exec", provider: "vault", id: "k" } },
        {
          secrets: {
            providers: { vault: { source: "exec", pluginIntegration: { pluginId: "p", integrationId: "i" } } },
          },
        },
      ),
      {},
      ["only a plugin of OpenClaw knows the command of secrets.providers.vault"],
    ],
    [
      "names an alias of another kind",
      withPlace({ source: "file", path: "/x" }, "vault"),
      { K: "k" },
      ["is for file, not env"],
    ],
  ])("%s", async (_what, tree, env, problems) => {
    const { complaints } = await keys(tree, env);
    const messages = complaints.filter(({ code }) => code === "missing_secret").map(({ message }) => message);
    expect(messages).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });
});

describe("the place that stands in for `default`", () => {
  const strict = { source: "env", allowlist: ["K"] } as const;
  const withDefault = (apiKey: unknown, secrets: object = { providers: { strict }, defaults: { env: "strict" } }) =>
    withProvider({ apiKey }, { secrets });
  const ref = (id: string) => ({ source: "env", provider: "default", id });
  const notListed = "is not in secrets.providers.strict.allowlist";
  it.each<[sentence: string, tree: unknown, problem: string | null]>([
    ["lets a listed variable through", withDefault(ref("K")), null],
    ["keeps another one back", withDefault(ref("L")), `L ${notListed}`],
    ["holds for a text that is one variable", withDefault("${L}"), `L ${notListed}`],
    ["lets a text that is one listed variable through", withDefault("${K}"), null],
    ["says nothing of a text that only holds one", withDefault("x-${L}"), null],
    [
      "gives way to a place that is called so",
      withDefault(ref("L"), { providers: { strict, default: { source: "env" } }, defaults: { env: "strict" } }),
      null,
    ],
    ["has to exist", withDefault(ref("K"), { defaults: { env: "nobody" } }), "there is no secrets.providers.nobody"],
  ])("%s", async (_sentence, tree, problem) => {
    const { complaints } = await keys(tree, { K: "k", L: "l" });
    const messages = complaints.filter(({ code }) => code === "missing_secret").map(({ message }) => message);
    expect(messages).toEqual(problem === null ? [] : [problem]);
  });
});
