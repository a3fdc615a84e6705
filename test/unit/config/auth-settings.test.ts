import { describe, expect, it } from "vitest";
import { bindingOf } from "../../../src/config/bind.ts";
import { compileTree, said, type Surroundings } from "./compile-rig.ts";

const TOKEN = "a-token-of-more-than-24-characters";
const REF = { source: "env", provider: "default", id: "NOT_SET" };
const PROXY = { trustedProxy: { userHeader: "x-user" } };

/** A gateway of a file: nothing is harmless. */
async function door(gateway: object, { context, ...more }: Surroundings = {}) {
  const tree = { gateway, models: { providers: { mock: { api: "mock", models: [{ id: "echo" }] } } } };
  return compileTree(tree, { ...more, context: { harmless: false, ...context } });
}

describe("the mode of a door", () => {
  it.each<[string, object, Surroundings, string]>([
    ["token from the file", { auth: { token: TOKEN } }, {}, "token"],
    ["token from the environment", {}, { env: { OPENCLAW_GATEWAY_TOKEN: TOKEN } }, "token"],
    ["password from the file", { auth: { password: "pw" } }, {}, "password"],
    [
      "password before token in the environment",
      {},
      { env: { OPENCLAW_GATEWAY_TOKEN: TOKEN, OPENCLAW_GATEWAY_PASSWORD: "pw" } },
      "password",
    ],
    ["what the file says", { auth: { mode: "token", token: TOKEN, password: "pw" } }, {}, "token"],
    [
      "what the command line says",
      { auth: { mode: "password", token: TOKEN, password: "pw" } },
      { flags: { auth: "token" } },
      "token",
    ],
    ["token when one is typed", {}, { flags: { token: TOKEN }, env: { OPENCLAW_GATEWAY_PASSWORD: "pw" } }, "token"],
    ["none when the file says so", { auth: { mode: "none" } }, {}, "none"],
    ["none when nothing can be harmed", {}, { context: { harmless: true } }, "none"],
    [
      "token when one is there, though nothing can be harmed",
      {},
      { context: { harmless: true }, env: { OPENCLAW_GATEWAY_TOKEN: TOKEN } },
      "token",
    ],
    ["trusted-proxy", { auth: { mode: "trusted-proxy", ...PROXY }, trustedProxies: ["10.0.0.1"] }, {}, "trusted-proxy"],
  ])("is %s", async (_what, gateway, surroundings, mode) => {
    const { snapshot, complaints } = await door(gateway, surroundings);
    expect(complaints).toEqual([]);
    expect(snapshot?.gateway.auth.mode).toBe(mode);
  });
});

describe("the names of a door", () => {
  it.each<[sentence: string, publicOrigin: object, hosts: string[]]>([
    ["are those of the page", {}, ["page.example"]],
    [
      "are also that of the public origin",
      { publicOrigin: "https://Claw.Example:8443" },
      ["page.example", "claw.example"],
    ],
    ["are said once", { publicOrigin: "https://page.example" }, ["page.example"]],
  ])("%s", async (_sentence, publicOrigin, hosts) => {
    const models = { providers: { mock: { api: "mock", models: [{ id: "echo" }] } } };
    const edge = { statusPage: { hosts: ["Page.example"] } };
    const { snapshot } = await compileTree({ gateway: { auth: { token: TOKEN }, ...publicOrigin }, models, edge });
    expect(snapshot?.gateway.statusPage.hosts).toEqual(hosts);
  });
});

describe("the secret of a door", () => {
  it.each<[string, object, Surroundings, string]>([
    [
      "the command line's first",
      { auth: { token: "file" } },
      { flags: { token: "typed" }, env: { OPENCLAW_GATEWAY_TOKEN: "env" } },
      "typed",
    ],
    ["then the file's", { auth: { token: "file" } }, { env: { OPENCLAW_GATEWAY_TOKEN: "env" } }, "file"],
    ["then the environment's", {}, { env: { OPENCLAW_GATEWAY_TOKEN: "env" } }, "env"],
    ["a reference of the file", { auth: { token: { ...REF, id: "T" } } }, { env: { T: "ref" } }, "ref"],
  ])("is %s", async (_what, gateway, surroundings, expected) => {
    expect((await door(gateway, surroundings)).snapshot?.gateway.auth.token?.reveal()).toBe(expected);
  });

  it("is made up once where a person watches, 48 hex digits on loopback", async () => {
    const { snapshot, generatedToken } = await door({}, { context: { interactive: true } });
    expect(generatedToken?.reveal()).toBe("ab".repeat(24));
    expect(snapshot?.gateway.auth).toMatchObject({ mode: "token", token: generatedToken });
  });

  it("is not made up where there is one", async () => {
    expect((await door({ auth: { token: TOKEN } }, { context: { interactive: true } })).generatedToken).toBeNull();
  });
});

describe("a door that is refused", () => {
  it.each<[string, object, Surroundings, string, RegExp]>([
    ["nothing at all, nobody watching", {}, {}, "token_missing gateway.auth", /OPENCLAW_GATEWAY_TOKEN/],
    ["mode token without one", { auth: { mode: "token" } }, {}, "token_missing gateway.auth", /OPENCLAW_GATEWAY_TOKEN/],
    [
      "others can reach it without auth",
      { bind: "lan" },
      {},
      "open_gateway gateway.bind",
      /^refusing to bind gateway to 0\.0\.0\.0:18789 without auth/,
    ],
    [
      "others can reach it, though a person watches",
      { bind: "lan" },
      { context: { interactive: true } },
      "open_gateway gateway.bind",
      /OPENCLAW_GATEWAY_TOKEN/,
    ],
    [
      "others can reach it in mode none",
      { bind: "lan", auth: { mode: "none" } },
      {},
      "open_gateway gateway.bind",
      /refusing to bind/,
    ],
    [
      "others can reach the mock",
      { bind: "lan" },
      { context: { harmless: true } },
      "open_gateway gateway.bind",
      /refusing to bind/,
    ],
    [
      "a token and a password without a mode",
      { auth: { token: TOKEN, password: "pw" } },
      {},
      "auth_ambiguous gateway.auth",
      /gateway\.auth\.mode/,
    ],
    [
      "mode password without one",
      { auth: { mode: "password" } },
      {},
      "password_missing gateway.auth",
      /OPENCLAW_GATEWAY_PASSWORD/,
    ],
    ["an empty token", { auth: { token: "" } }, {}, "bad_secret gateway.auth.token", /is empty/],
    ["a blank token", { auth: { token: "  " } }, {}, "bad_secret gateway.auth.token", /is empty/],
    ["an empty token on the command line", {}, { flags: { token: "" } }, "bad_secret --token", /is empty/],
    [
      "a token from an example",
      { auth: { token: "change-me-to-a-long-random-token" } },
      {},
      "bad_secret gateway.auth.token",
      /placeholder/,
    ],
    [
      "a token from another example",
      {},
      { env: { OPENCLAW_GATEWAY_TOKEN: "change-me-now" } },
      "bad_secret OPENCLAW_GATEWAY_TOKEN",
      /placeholder/,
    ],
    [
      "a password from an example",
      { auth: { password: "change-me-to-a-strong-password" } },
      {},
      "bad_secret gateway.auth.password",
      /placeholder/,
    ],
    [
      "a token that a reference does not find",
      { auth: { token: REF } },
      {},
      "bad_secret gateway.auth.token",
      /NOT_SET is not set/,
    ],
    [
      "a token that a variable does not give",
      { auth: { token: "${NOT_SET}" } },
      {},
      "bad_secret gateway.auth.token",
      /NOT_SET is not set/,
    ],
    [
      "trusted-proxy without its header",
      { auth: { mode: "trusted-proxy" }, trustedProxies: ["10.0.0.1"] },
      {},
      "trusted_proxy gateway.auth",
      /userHeader/,
    ],
    [
      "trusted-proxy without proxies",
      { auth: { mode: "trusted-proxy", ...PROXY } },
      {},
      "trusted_proxy gateway.trustedProxies",
      /addresses/,
    ],
    [
      "trusted-proxy and roles that nobody here can tell",
      {
        auth: { mode: "trusted-proxy", ...PROXY },
        trustedProxies: ["10.0.0.1"],
        roles: { default: "guest", definitions: {} },
      },
      {},
      "roles gateway.roles",
      /every user could ask all/,
    ],
    [
      "trusted-proxy and a token",
      { auth: { mode: "trusted-proxy", ...PROXY, token: TOKEN }, trustedProxies: ["10.0.0.1"] },
      {},
      "auth_ambiguous gateway.auth.token",
      /exclude each other/,
    ],
    [
      "trusted-proxy and a token of the environment",
      { auth: { mode: "trusted-proxy", ...PROXY }, trustedProxies: ["10.0.0.1"] },
      { env: { OPENCLAW_GATEWAY_TOKEN: TOKEN } },
      "auth_ambiguous OPENCLAW_GATEWAY_TOKEN",
      /exclude each other/,
    ],
    [
      "a mode that does not exist",
      {},
      { flags: { auth: "open", token: TOKEN } },
      "wrong_value --auth",
      /none, token, password, trusted-proxy/,
    ],
    ["a host as bind mode", { auth: { token: TOKEN } }, { flags: { bind: "0.0.0.0" } }, "bad_bind --bind", /use "lan"/],
    [
      "a custom bind without a host",
      { bind: "custom", auth: { token: TOKEN } },
      {},
      "bad_bind gateway.bind",
      /customBindHost/,
    ],
    [
      "a tailnet that is not there",
      { bind: "tailnet", auth: { token: TOKEN } },
      {},
      "bad_bind gateway.bind",
      /100\.64\.0\.0\/10/,
    ],
    [
      "a remote gateway",
      { mode: "remote", auth: { token: TOKEN } },
      {},
      "remote_gateway gateway.mode",
      // OpenClaw's words: people search for them.
      /^Gateway start blocked: set gateway\.mode=local/,
    ],
  ])("%s", async (_what, gateway, surroundings, expected, message) => {
    const { snapshot, complaints, generatedToken } = await door(gateway, surroundings);
    expect([snapshot, generatedToken]).toEqual([null, null]);
    expect(said(complaints)).toEqual([`error ${expected}`]);
    expect(complaints[0]?.message).toMatch(message);
  });

  it("does not quote the secret", async () => {
    const { complaints } = await door({ bind: "lan", auth: { token: "canary" } });
    expect(JSON.stringify(complaints)).not.toContain("canary");
  });
});

describe("a door that is open but worth a word", () => {
  it.each<[string, object, string[]]>([
    [
      "a short token that others can reach",
      { bind: "lan", auth: { token: "short" } },
      ["warning short_token gateway.auth.token"],
    ],
    ["a long one", { bind: "lan", auth: { token: TOKEN } }, []],
    ["a short one on loopback", { auth: { token: "short" } }, []],
    ["a short one on a custom loopback", { bind: "custom", customBindHost: "127.0.0.5", auth: { token: "short" } }, []],
    ["a broken password that the mode does not use", { auth: { mode: "token", token: TOKEN, password: REF } }, []],
  ])("%s", async (_what, gateway, expected) => {
    const { snapshot, complaints } = await door(gateway);
    expect(snapshot).not.toBeNull();
    expect(said(complaints)).toEqual(expected);
  });

  it("keeps limiter, proxies and origins of the file", async () => {
    const auth = {
      mode: "trusted-proxy",
      rateLimit: { maxAttempts: 3 },
      trustedProxy: { userHeader: "x-user", allowUsers: ["a"] },
      password: "pw",
    };
    const { snapshot } = await door({
      auth,
      trustedProxies: ["10.0.0.0/8"],
      allowRealIpFallback: true,
      controlUi: { allowedOrigins: ["*"] },
    });
    expect(snapshot?.gateway.auth).toMatchObject({
      rateLimit: { maxAttempts: 3, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: true },
      trustedProxy: {
        userHeader: "x-user",
        requiredHeaders: [],
        allowUsers: ["a"],
        allowLoopback: false,
        allowedOrigins: ["*"],
      },
      trustedProxies: ["10.0.0.0/8"],
      allowRealIpFallback: true,
    });
    expect(snapshot?.gateway.auth.password?.reveal()).toBe("pw");
    expect(snapshot?.gateway.receipts).toBe("minimal");
  });
});

describe("bind modes", () => {
  const local = ["192.168.0.2", "100.101.102.103", "fe80::1"];
  const bind = (mode: string, customBindHost?: string) =>
    bindingOf({ bind: mode, customBindHost, localAddresses: local });
  it.each<[string, string | undefined, object]>([
    ["loopback", undefined, { hosts: ["127.0.0.1", "::1"], loopback: true }],
    ["auto", undefined, { hosts: ["127.0.0.1", "::1"], loopback: true }],
    ["lan", undefined, { hosts: ["0.0.0.0"], loopback: false }],
    ["tailnet", undefined, { hosts: ["100.101.102.103"], loopback: false }],
    ["custom", "192.168.0.2", { hosts: ["192.168.0.2"], loopback: false }],
    ["custom", "127.0.0.9", { hosts: ["127.0.0.9"], loopback: true }],
    ["::", undefined, { suggestion: "lan" }],
    ["localhost", undefined, { suggestion: "loopback" }],
    ["192.168.0.2", undefined, { suggestion: "custom" }],
    ["toString", undefined, { suggestion: null }],
  ])("%s %s", (mode, host, expected) => {
    expect(bind(mode, host)).toMatchObject(expected);
  });

  it.each([
    ["nothing says otherwise", {}, ["127.0.0.1", "::1"]],
    ["the file says lan", { bind: "lan" }, ["0.0.0.0"]],
  ])("a door is on its own machine unless told otherwise: %s", async (_what, gateway, hosts) => {
    const { snapshot } = await door({ auth: { token: TOKEN }, ...gateway });
    expect(snapshot?.gateway.hosts).toEqual(hosts);
  });
});
