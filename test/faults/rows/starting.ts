// 3.8: files and flags with which no gateway may start: told in words, with the place, without a value, exit code 78.
import { linkSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { type Attempt, refusesFile, refusesToStart, type Refusal } from "../apart.ts";
import type { FlowRow } from "../row.ts";

const OUR_FILE = "it is about the product's own file and flags";
const TOKEN = "a-token-that-is-long-enough-31";
const PROVIDERS = { mock: { api: "mock" } };
const GOOD = {
  models: { mode: "replace", providers: PROVIDERS },
  agents: { defaults: { model: { primary: "mock/echo" } } },
  gateway: { auth: { token: TOKEN } },
};
const auth = (settings: object, more: object = {}): object => ({ ...GOOD, gateway: { auth: settings, ...more } });
const at = (baseUrl: string): object => ({
  ...GOOD,
  models: { mode: "replace", providers: { p: { baseUrl, apiKey: "k", models: [{ id: "m" }] } } },
  agents: { defaults: { model: { primary: "p/m" } } },
});
const keyed = (apiKey: unknown, more: object = {}): object => ({
  ...at("https://api.example.com/v1"),
  models: {
    mode: "replace",
    providers: { p: { baseUrl: "https://api.example.com/v1", apiKey, models: [{ id: "m" }] } },
  },
  ...more,
});

/** A file that cannot be served. */
function invalid(id: string, says: string, attempt: Attempt, refusal: Partial<Omit<Refusal, "code">> = {}): FlowRow {
  return {
    id,
    says,
    wants: "the file is refused, with the place and without a value",
    actors: [],
    apart: true,
    onlyHere: OUR_FILE,
    play: () => refusesFile(attempt, { says: [], lacks: [TOKEN], ...refusal }),
  };
}

/** A start that has to fail. */
function refused(id: string, says: string, attempt: Attempt, refusal: Partial<Refusal> = {}): FlowRow {
  return {
    id,
    says,
    wants: `it does not start: exit code ${refusal.code ?? 78}, told with the place and without a value`,
    actors: [],
    apart: true,
    onlyHere: OUR_FILE,
    play: () => refusesToStart(attempt, { code: 78, says: [], lacks: [TOKEN], ...refusal }),
  };
}

/** Places where no provider may be. */
const PLACES: readonly (readonly [id: string, url: string])[] = [
  ["X01", "http://169.254.169.254/latest"],
  ["X01b", "http://[fd00:ec2::254]/v1"],
  ["X01c", "http://metadata.google.internal/v1"],
  ["X01d", "http://2852039166/v1"],
  ["X01e", "http://0xa9.0xfe.0xa9.0xfe/v1"],
  ["X01f", "http://[::ffff:169.254.169.254]/v1"],
  ["X01g", "http://[64:ff9b::a9fe:a9fe]/v1"],
  ["X01h", "http://[2002:a9fe:a9fe::]/v1"],
  ["X01i", "http://0251.0376.0251.0376/v1"],
  ["X05", "https://user:canary-word@api.example.com/v1"],
  ["X05b", "https://api.example.com/v1#canary-word"],
  ["X05c", "https://api.example.com\\@canary-word/v1"],
  ["X05d", "https://api.example.com/v1\r\nx: canary-word"],
  ["X05e", "http://api.example.com/v1"],
  ["X05f", "https://api.example.com./canary-word"],
  ["X01j", "http://metadata.google.internal./canary-word"],
  ["X01k", "https://10.0.0.1/canary-word"],
  ["X01l", "https://[fc00::1]/canary-word"],
  ["X01m", "https://[::ffff:192.168.0.1]/canary-word"],
];

const include = (folder: string, name: string, content: object): void => {
  writeFileSync(join(folder, name), JSON.stringify(content));
};

/** The rows. */
export const STARTING: readonly FlowRow[] = [
  {
    id: "P05",
    says: "the port is taken",
    wants: "exit code 1, one line that names the port",
    actors: [],
    apart: true,
    onlyHere: OUR_FILE,
    play: async () => {
      const squatter = createServer().listen(0, "127.0.0.1");
      await once(squatter, "listening");
      const { port } = squatter.address() as { port: number };
      const gateway = { ...GOOD.gateway, port };
      const problems = await refusesToStart(
        { config: { ...GOOD, gateway }, args: ["--config", "openclaw.json"] },
        { code: 1, says: [`127.0.0.1:${port}`, "already listening"], oneLine: true },
      );
      squatter.close();
      return problems;
    },
  },
  refused(
    "P06",
    "it binds to the network without authentication",
    { config: auth({ mode: "none" }, { bind: "lan" }) },
    {
      says: [/refusing to bind gateway to .* without auth/],
    },
  ),
  refused(
    "P07",
    "the file has a syntax error",
    { config: `{\n  gateway: { auth: { token: "${TOKEN}" } },\n  models: what is this\n}` },
    {
      says: [/openclaw\.json:3:\d+/],
    },
  ),
  invalid(
    "P07b",
    "the file has an unknown key",
    { config: "{\n  gatewy: { port: 1 }\n}" },
    {
      says: [/openclaw\.json:2:3.*gatewy.*gateway/s],
    },
  ),
  refused(
    "P08",
    "a variable that the file needs is not set",
    { config: keyed("${NOT_SET_ANYWHERE}") },
    {
      says: ["NOT_SET_ANYWHERE", "models.providers.p.apiKey"],
    },
  ),
  refused(
    "P09",
    "the file that is named is missing",
    { args: ["--config", "nowhere.json", "--port", "0"] },
    {
      says: ["nowhere.json"],
    },
  ),
  refused(
    "P09b",
    "no file is there, a hosted key is, and no token",
    {
      args: ["--port", "0"],
      env: { OPENAI_API_KEY: "sk-canary-upstream-4b7c91-p09b" },
    },
    { says: ["OPENCLAW_GATEWAY_TOKEN"] },
  ),
  invalid(
    "P22",
    "the file holds a token and a password and no mode",
    {
      config: auth({ token: TOKEN, password: "a-password-that-is-long" }),
    },
    { says: ["gateway.auth.mode"], lacks: [TOKEN, "a-password-that-is-long"] },
  ),
  invalid(
    "P22b",
    "the mode is trusted-proxy and there is a token",
    {
      config: auth(
        { mode: "trusted-proxy", token: TOKEN, trustedProxy: { userHeader: "x-user" } },
        { trustedProxies: ["192.0.2.1"] },
      ),
    },
    { says: ["exclude each other"] },
  ),
  invalid("P22c", "the token is blank", { config: auth({ token: "   " }) }),
  invalid(
    "P22d",
    "the token is an example",
    { config: auth({ token: "change-me-now" }) },
    { says: [/gateway\.auth\.token/] },
  ),
  invalid(
    "P27",
    "a provider's key is in a file that is missing",
    {
      config: keyed(
        { source: "file", provider: "f", id: "value" },
        {
          secrets: { providers: { f: { source: "file", path: "/nonexistent/key-file", mode: "singleValue" } } },
        },
      ),
    },
    { says: [/models\.providers\.p\.apiKey|secrets\.providers\.f/] },
  ),
  ...PLACES.map(([id, url]) =>
    refused(
      id,
      `a provider is at ${JSON.stringify(url)}`,
      { config: at(url) },
      {
        says: ["models.providers.p.baseUrl"],
        lacks: ["canary-word"],
      },
    ),
  ),
  invalid("X43", "a file includes itself", { config: { $include: "./openclaw.json" } }, { says: ["includes itself"] }),
  invalid(
    "X43b",
    "a file is included from outside its folder",
    { config: { $include: "/etc/hostname" } },
    { says: ["openclaw.json:1:", '"/etc/hostname" lies outside'] },
  ),
  invalid(
    "X43c",
    "an included file is a link out of its folder",
    {
      config: { $include: "./link.json" },
      files: (folder) => symlinkSync("/etc/hostname", join(folder, "link.json")),
    },
    { says: ['"./link.json" lies outside'] },
  ),
  invalid(
    "X43d",
    "files include one another twelve deep",
    {
      config: { $include: "./0.json" },
      files: (folder) => {
        for (let depth = 0; depth < 12; depth += 1)
          include(folder, `${depth}.json`, { $include: `./${depth + 1}.json` });
        include(folder, "12.json", GOOD);
      },
    },
    { says: ["files deep"] },
  ),
  invalid(
    "X43e",
    "an included file has a second name",
    {
      config: { $include: "./one.json" },
      files: (folder) => {
        include(folder, "one.json", GOOD);
        linkSync(join(folder, "one.json"), join(folder, "two.json"));
      },
    },
    { says: ['"./one.json"', "link"] },
  ),
  invalid(
    "X43f",
    "two included files include one another",
    {
      config: { $include: "./0.json" },
      files: (folder) => {
        include(folder, "0.json", { $include: "./1.json" });
        include(folder, "1.json", { $include: "./0.json" });
      },
    },
    { says: [/1\.json:1:\d+.*"\.\/0\.json" includes itself: 0\.json > 1\.json > 0\.json/] },
  ),
  invalid(
    "X44",
    "the file has 50 MB",
    { config: `{ x: "${"y".repeat(50 * 1_048_576)}" }` },
    { says: ["larger than 4194304 bytes"] },
  ),
  invalid(
    "X44b",
    "the file is nested 10,000 deep",
    { config: `{ x: ${"[".repeat(10_000)}${"]".repeat(10_000)} }` },
    { says: ["nested deeper than 32 levels"] },
  ),
  invalid(
    "X44c",
    "files include one another eight times each, nine deep",
    {
      config: { $include: "./0.json" },
      files: (folder) => {
        for (let depth = 0; depth < 8; depth += 1)
          include(folder, `${depth}.json`, { $include: Array.from({ length: 8 }, () => `./${depth + 1}.json`) });
        include(folder, "8.json", GOOD);
      },
    },
    { says: ["more than 256 files"] },
  ),
  refused(
    "S20",
    "the runtime has a lax HTTP parser",
    { config: GOOD, node: ["--insecure-http-parser"] },
    {
      says: ["insecure-http-parser"],
    },
  ),
  refused(
    "S20b",
    "the runtime has one by NODE_OPTIONS",
    { config: GOOD, env: { NODE_OPTIONS: "--insecure-http-parser" } },
    {
      says: ["insecure-http-parser"],
    },
  ),
  refused(
    "S37",
    "an inspector listens for everybody",
    { config: GOOD, node: ["--inspect=0.0.0.0:0"] },
    {
      says: ["inspector"],
    },
  ),
];
