// Who may come in, mode by mode, as a pure function of head, peer, settings and instant.
import { describe, expect, it } from "vitest";
import { type Failure } from "../../../src/core/failure.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { AuthSettings } from "../../../src/core/snapshot.ts";
import { authenticate } from "../../../src/server/auth.ts";
import { gateOf } from "../../../src/server/gate.ts";
import { RateLimiter } from "../../../src/server/rate-limiter.ts";
import { openaiErrorBody } from "../../../src/dialects/openai-error.ts";
import { auth, gateway, TOKEN } from "./door-kit.ts";

type Fields = readonly (readonly [name: string, value: string])[];

interface Scene {
  readonly settings?: AuthSettings;
  readonly fields?: Fields;
  readonly peer?: string;
  readonly local?: string;
  readonly allowOrigins?: readonly string[];
  readonly limiter?: RateLimiter;
  readonly now?: number;
  readonly takesApiKey?: boolean;
}

/** The head as Node gives it: first of some, joined others, lower-case. */
function headOf(fields: Fields) {
  const headers: Record<string, string> = {};
  for (const [written, value] of fields) {
    const name = written.toLowerCase();
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (name !== "authorization" && name !== "host") headers[name] = `${known}, ${value}`;
  }
  return { headers, rawHeaders: fields.flat() };
}

function judged(scene: Scene) {
  const {
    settings = auth(),
    fields = [],
    peer = "203.0.113.9",
    local = "127.0.0.1",
    allowOrigins = [],
    limiter,
    now = 0,
  } = scene;
  const knock = { ...headOf(fields), peer, local, takesApiKey: scene.takesApiKey ?? false };
  const gate = gateOf(gateway({ auth: settings, corsAllowOrigins: allowOrigins }));
  return authenticate({ knock, gate, limiter: limiter ?? new RateLimiter(), now });
}

function host(value: string): Fields {
  return [["Host", value]];
}

function reasonOf(of: Failure | null): string | null {
  return of === null ? null : (of.detail ?? "refused without a reason");
}

const bearer = (secret: string): Fields => [["Authorization", `Bearer ${secret}`]];
/** A text as header bytes carry it and Node reads them. */
const onTheWire = (text: string): string => Buffer.from(text).toString("latin1");
const password = auth({ mode: "password", token: null, password: new Secret("gräßlich geheim") });

describe("a bearer", () => {
  const strange = auth({ mode: "password", token: null, password: new Secret("ég: a~") });
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["may begin with a byte that is no ASCII", bearer(onTheWire("ég: a~")), null],
    ["may stand behind more blanks", [["Authorization", `Bearer \t ${onTheWire("ég: a~")}`]], null],
    ["may be announced in any case", [["Authorization", `bEARER ${onTheWire("ég: a~")}`]], null],
    ["does not begin with a blank of Unicode's", [["Authorization", "Bearer \u00a0x"]], "password_missing"],
    ["is not the word alone", [["Authorization", "Bearer "]], "password_missing"],
    ["counts whole", bearer(onTheWire("ég: a")), "password_mismatch"],
  ])("%s", (_sentence, fields, reason) => {
    expect(reasonOf(judged({ settings: strange, fields }))).toBe(reason);
  });
});

describe("without authentication", () => {
  const none = auth({ mode: "none", token: null });
  it.each<[sentence: string, local: string, reason: string | null]>([
    ["a call that came to loopback is let in", "127.0.0.1", null],
    ["a call that came to loopback over IPv6 is let in", "::1", null],
    ["a call that came to another address of loopback is let in", "127.0.0.3", null],
    ["a call to an address that others reach is not, whatever it says of its host", "192.168.1.5", "not_loopback"],
    ["a call whose way nobody knows is not", "", "not_loopback"],
  ])("%s", (_sentence, local, reason) => {
    expect(reasonOf(judged({ settings: none, fields: host("localhost"), peer: local, local }))).toBe(reason);
  });
});

describe("on the paths of Anthropic's clients", () => {
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["x-api-key is a credential", [["x-api-key", TOKEN]], null],
    ["a bearer is one as well", bearer(TOKEN), null],
    ["both may say the same", [...bearer(TOKEN), ["x-api-key", TOKEN]], null],
    ["both may not differ, though one is right", [...bearer(TOKEN), ["x-api-key", "wrong"]], "token_ambiguous"],
    ["a wrong key is refused", [["x-api-key", "wrong"]], "token_mismatch"],
    ["an empty key is none", [["x-api-key", " "]], "token_missing"],
    [
      "two keys are none",
      [
        ["x-api-key", TOKEN],
        ["x-api-key", TOKEN],
      ],
      "token_missing",
    ],
  ])("%s", (_sentence, fields, reason) => {
    expect(reasonOf(judged({ fields, takesApiKey: true }))).toBe(reason);
  });
});

describe("on the paths of Anthropic's clients, a password", () => {
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["may hold any bytes", [["x-api-key", onTheWire("gräßlich geheim")]], null],
    ["may have spaces around it", [["x-api-key", `  ${onTheWire("gräßlich geheim")} `]], null],
    ["is compared whole", [["x-api-key", "gräßlich"]], "password_mismatch"],
  ])("%s", (_sentence, fields, reason) => {
    expect(reasonOf(judged({ settings: password, fields, takesApiKey: true }))).toBe(reason);
  });
});

describe("a password that ends in a byte which Unicode takes for a blank", () => {
  const settings = auth({ mode: "password", token: null, password: new Secret("encore et voilà") });
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["is a bearer", bearer(onTheWire("encore et voilà")), null],
    ["is a key", [["x-api-key", onTheWire("encore et voilà")]], null],
    ["counts to its end", bearer("encore et voil\xc3"), "password_mismatch"],
  ])("%s", (_sentence, fields, reason) => {
    expect(reasonOf(judged({ settings, fields, takesApiKey: true }))).toBe(reason);
  });
});

describe("a refusal", () => {
  const none = auth({ mode: "none", token: null });
  const fromProxy = auth({ mode: "trusted-proxy", token: null });
  it.each<[of: string, scene: Scene, message: string]>([
    ["a caller without a token", {}, "Unauthorized"],
    ["a caller without a proxy", { settings: fromProxy }, "Unauthorized"],
    [
      "a call from elsewhere",
      { settings: none, local: "192.168.1.5" },
      "Without authentication, only this machine may call.",
    ],
    [
      "a name that may be rebound",
      { settings: none, fields: host("evil.example") },
      "Without authentication, `Host` must be a loopback name or address.",
    ],
    [
      "a foreign page",
      { settings: none, fields: [...host("localhost"), ["Origin", "https://evil.example"]] },
      "This origin may not call the gateway.",
    ],
  ])("of %s says so before anything is sent", (_of, scene, message) => {
    expect(judged(scene)).toMatchObject({ message, phase: "request" });
  });
});

describe("token mode", () => {
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["lets the right token in", bearer(TOKEN), null],
    ["takes the scheme in any case", [["authorization", `bEARER ${TOKEN}`]], null],
    ["takes more than one space", [["Authorization", `Bearer   ${TOKEN}`]], null],
    ["refuses nothing at all", [], "token_missing"],
    ["refuses an empty bearer", [["Authorization", "Bearer "]], "token_missing"],
    ["refuses a wrong token", bearer("wrong"), "token_mismatch"],
    ["refuses a scheme that ends like ours", [["Authorization", `Notbearer ${TOKEN}`]], "token_missing"],
    ["refuses a prefix of the token", bearer(TOKEN.slice(0, -1)), "token_mismatch"],
    ["refuses the token with more behind it", bearer(`${TOKEN}x`), "token_mismatch"],
    ["refuses the token in other case", bearer(TOKEN.toUpperCase()), "token_mismatch"],
    ["refuses 12 KiB", bearer("x".repeat(12_288)), "token_mismatch"],
    ["refuses the bare token", [["Authorization", TOKEN]], "token_missing"],
    ["refuses Basic", [["Authorization", `Basic ${btoa(`user:${TOKEN}`)}`]], "token_missing"],
    ["refuses Digest", [["Authorization", `Digest response="${TOKEN}"`]], "token_missing"],
    ["refuses x-api-key", [["x-api-key", TOKEN]], "token_missing"],
    ["refuses a cookie", [["Cookie", `token=${TOKEN}`]], "token_missing"],
    ["refuses two fields, though both are right", [...bearer(TOKEN), ...bearer(TOKEN)], "token_missing"],
    ["refuses two fields, the second right", [...bearer("wrong"), ...bearer(TOKEN)], "token_missing"],
    ["believes no forwarded user", [["X-Forwarded-User", "root"]], "token_missing"],
    ["believes no scopes", [["x-openclaw-scopes", "operator.admin"]], "token_missing"],
    [
      "does not look at Host or Origin",
      [...bearer(TOKEN), ["Host", "evil.example"], ["Origin", "https://evil.example"]],
      null,
    ],
  ])("%s", (_sentence, fields, reason) => {
    expect(reasonOf(judged({ fields }))).toBe(reason);
  });

  it.each<[sentence: string, settings: AuthSettings, reason: string]>([
    ["has no token", auth({ token: null }), "token_missing_config"],
    ["has an empty token", auth({ token: new Secret("") }), "token_missing_config"],
    ["has no password", auth({ mode: "password", password: null }), "password_missing_config"],
  ])("lets nobody in when the configuration %s", (_sentence, settings, reason) => {
    expect(reasonOf(judged({ settings, fields: bearer("") }))).toBe(reason);
    expect(reasonOf(judged({ settings, fields: bearer("anything") }))).toBe(reason);
  });

  it("says the same to every caller that it refuses", () => {
    const bodies = [[], bearer("wrong"), [["Authorization", "Basic x"]] as Fields].map((fields) => {
      const refused = judged({ fields });
      return refused === null ? "let in" : JSON.stringify(openaiErrorBody(refused));
    });
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toBe(`{"error":{"message":"Unauthorized","type":"unauthorized","param":null,"code":null}}`);
  });
});

describe("password mode", () => {
  const utf8 = onTheWire("gräßlich geheim");
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["lets the right password in, whatever its bytes", bearer(utf8), null],
    ["refuses a wrong one", bearer("geheim"), "password_mismatch"],
    ["refuses none", [], "password_missing"],
    ["refuses a token", bearer(TOKEN), "password_mismatch"],
  ])("%s", (_sentence, fields, reason) => {
    expect(reasonOf(judged({ settings: password, fields }))).toBe(reason);
  });
});

describe("mode none", () => {
  const settings = auth({ mode: "none", token: null });
  it.each<[sentence: string, fields: Fields, reason: string | null]>([
    ["lets localhost in", host("localhost"), null],
    ["lets localhost with a port in", host("LOCALHOST:18789"), null],
    ["lets names below localhost in", host("edge.localhost:1"), null],
    ["lets 127.0.0.1 in", host("127.0.0.1:18789"), null],
    ["lets 127.9.9.9 in", host("127.9.9.9"), null],
    ["lets [::1] in", host("[::1]:18789"), null],
    ["refuses another name: it may be rebound to this address", host("evil.example"), "host_not_loopback"],
    ["lets localhost with the dot of the root in", host("localhost."), null],
    ["refuses an address with signs before its brackets", host("x[::1]"), "host_not_loopback"],
    ["refuses an address with signs behind its brackets", host("[::1]x"), "host_not_loopback"],
    ["refuses a name in brackets", host("[localhost]"), "host_not_loopback"],
    [
      "refuses a page whose origin has something in front",
      [...host("localhost"), ["Origin", "xhttp://localhost"]],
      "origin_not_allowed",
    ],
    ["refuses a name that starts like localhost", host("localhost.evil.example"), "host_not_loopback"],
    ["refuses a name that starts like an address", host("127.0.0.1.evil.example"), "host_not_loopback"],
    ["refuses a private address", host("192.168.1.5"), "host_not_loopback"],
    ["refuses the address of all", host("0.0.0.0:18789"), "host_not_loopback"],
    ["refuses no Host", [], "host_not_loopback"],
    ["lets a page of this machine in", [...host("localhost"), ["Origin", "http://localhost:3000"]], null],
    ["refuses a foreign page", [...host("localhost"), ["Origin", "https://evil.example"]], "origin_not_allowed"],
    ["refuses a page without an origin", [...host("localhost"), ["Origin", "null"]], "origin_not_allowed"],
    [
      "refuses a page that hides behind user info",
      [...host("localhost"), ["Origin", "http://localhost@evil.example"]],
      "origin_not_allowed",
    ],
    ["lets a listed page in", [...host("localhost"), ["Origin", "https://app.example"]], null],
    ["needs no token and looks at none", [...host("localhost"), ...bearer("wrong")], null],
  ])("%s", (_sentence, fields, reason) => {
    const refused = judged({ settings, fields, peer: "127.0.0.1", allowOrigins: ["https://app.example"] });
    expect(reasonOf(refused)).toBe(reason);
    expect(refused?.kind ?? "forbidden").toBe("forbidden");
  });
});

describe("trusted-proxy mode", () => {
  const trustedProxy = {
    userHeader: "X-Forwarded-User",
    requiredHeaders: ["X-Auth-Verified"],
    allowUsers: ["ada@example"],
    allowLoopback: false,
    allowedOrigins: ["https://app.example"],
  };
  const settings = auth({
    mode: "trusted-proxy",
    token: null,
    trustedProxy,
    trustedProxies: ["10.0.0.0/8", "127.0.0.1"],
  });
  const verified: Fields = [["X-Auth-Verified", "1"]];
  const ada: Fields = [...verified, ["X-Forwarded-User", "ada@example"]];
  const proxied = (more: Partial<typeof trustedProxy>): AuthSettings =>
    auth({ ...settings, trustedProxy: { ...trustedProxy, ...more } });

  it.each<[sentence: string, scene: Scene, reason: string | null]>([
    ["lets a listed user of a listed proxy in", { fields: ada, peer: "10.1.2.3" }, null],
    ["knows the proxy when its address comes mapped into IPv6", { fields: ada, peer: "::ffff:10.1.2.3" }, null],
    ["refuses a stranger that says the same", { fields: ada, peer: "203.0.113.9" }, "trusted_proxy_untrusted_source"],
    ["refuses a loopback proxy", { fields: ada, peer: "127.0.0.1" }, "trusted_proxy_loopback_source"],
    [
      "takes a loopback proxy when told to",
      { settings: proxied({ allowLoopback: true }), fields: ada, peer: "127.0.0.1" },
      null,
    ],
    [
      "refuses without a required header",
      { fields: [["X-Forwarded-User", "ada@example"]], peer: "10.1.2.3" },
      "trusted_proxy_missing_header_x-auth-verified",
    ],
    [
      "refuses an empty required header",
      {
        fields: [
          ["X-Auth-Verified", " "],
          ["X-Forwarded-User", "ada@example"],
        ],
        peer: "10.1.2.3",
      },
      "trusted_proxy_missing_header_x-auth-verified",
    ],
    ["refuses without a user", { fields: verified, peer: "10.1.2.3" }, "trusted_proxy_user_missing"],
    [
      "refuses an empty user",
      { fields: [...verified, ["X-Forwarded-User", ""]], peer: "10.1.2.3" },
      "trusted_proxy_user_missing",
    ],
    [
      "refuses two users",
      { fields: [...ada, ["X-Forwarded-User", "ada@example"]], peer: "10.1.2.3" },
      "trusted_proxy_user_missing",
    ],
    [
      "refuses an unlisted user",
      { fields: [...verified, ["X-Forwarded-User", "eve@example"]], peer: "10.1.2.3" },
      "trusted_proxy_user_not_allowed",
    ],
    [
      "takes any user when none is listed",
      { settings: proxied({ allowUsers: [] }), fields: [...verified, ["X-Forwarded-User", "eve"]], peer: "10.1.2.3" },
      null,
    ],
    ["lets a listed page in", { fields: [...ada, ["Origin", "https://app.example"]], peer: "10.1.2.3" }, null],
    [
      "refuses a foreign page",
      { fields: [...ada, ["Origin", "https://evil.example"]], peer: "10.1.2.3" },
      "trusted_proxy_origin_not_allowed",
    ],
    [
      "lets all pages in when told to",
      { settings: proxied({ allowedOrigins: ["*"] }), fields: [...ada, ["Origin", "null"]], peer: "10.1.2.3" },
      null,
    ],
    [
      "refuses everybody without settings",
      { settings: auth({ ...settings, trustedProxy: null }), fields: ada, peer: "10.1.2.3" },
      "trusted_proxy_no_proxies_configured",
    ],
    [
      "refuses everybody without listed proxies",
      { settings: auth({ ...settings, trustedProxies: [] }), fields: ada, peer: "10.1.2.3" },
      "trusted_proxy_no_proxies_configured",
    ],
  ])("%s", (_sentence, scene, reason) => {
    const refused = judged({ settings, ...scene });
    expect(reasonOf(refused)).toBe(reason);
    expect(refused?.kind ?? "unauthorized").toBe("unauthorized");
  });

  it("lets a program of this machine in with the password, and not without", () => {
    const withPassword = auth({ ...settings, password: new Secret("fallback") });
    expect(judged({ settings: withPassword, fields: bearer("fallback"), peer: "127.0.0.1" })).toBeNull();
    expect(reasonOf(judged({ settings: withPassword, fields: ada, peer: "127.0.0.1" }))).toBe("password_missing");
    const forwarded: Fields = [...bearer("fallback"), ["X-Forwarded-For", "1.2.3.4"]];
    expect(reasonOf(judged({ settings: withPassword, fields: forwarded, peer: "127.0.0.1" }))).toBe(
      "trusted_proxy_loopback_source",
    );
  });
});

describe("lockout", () => {
  const rules = { maxAttempts: 3, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: true };
  const limited = auth({ rateLimit: rules, trustedProxies: ["10.0.0.1"] });
  /** Tries one after another, a second apart; the kinds of their refusals. */
  function tries(scenes: readonly Scene[], limiter = new RateLimiter()): (string | null)[] {
    return scenes.map(
      (scene, index) => judged({ settings: limited, limiter, now: index * 1000, ...scene })?.kind ?? null,
    );
  }
  const wrong: Scene = { fields: bearer("wrong") };
  const local: Scene = { ...wrong, peer: "127.0.0.1" };
  const right: Scene = { fields: bearer(TOKEN) };

  it("locks out after as many wrong secrets as allowed, the right one included", () => {
    expect(tries([wrong, wrong, wrong, wrong, right])).toEqual([
      "unauthorized",
      "unauthorized",
      "unauthorized",
      "auth-lockout",
      "auth-lockout",
    ]);
  });

  it("says how long, and lets the right secret in afterwards", () => {
    const limiter = new RateLimiter();
    tries([wrong, wrong, wrong], limiter);
    expect(judged({ settings: limited, limiter, now: 12_000, ...right })).toMatchObject({
      message: "Too many failed authentication attempts. Please try again later.",
      detail: "rate_limited",
      phase: "request",
      retryAfterMs: 290_000,
    });
    expect(judged({ settings: limited, limiter, now: 302_001, ...right })).toBeNull();
  });

  it.each<[sentence: string, scenes: Scene[], last: string | null]>([
    ["a missing secret is no guess", [{}, {}, {}, {}, right], null],
    ["a success clears", [wrong, wrong, right, wrong, wrong, right], null],
    [
      "failures outside the window are forgotten",
      [wrong, wrong, { ...wrong, now: 70_000 }, { ...wrong, now: 70_001 }, { ...right, now: 70_002 }],
      null,
    ],
    [
      "addresses of one IPv6 /64 are one client",
      [
        { ...wrong, peer: "2001:db8::1" },
        { ...wrong, peer: "2001:db8::2" },
        { ...wrong, peer: "2001:db8::3" },
        { ...right, peer: "2001:db8::4" },
      ],
      "auth-lockout",
    ],
    [
      "a mapped address is the IPv4 one",
      [
        { ...wrong, peer: "::ffff:198.51.100.7" },
        { ...wrong, peer: "198.51.100.7" },
        { ...wrong, peer: "198.51.100.7" },
        { ...right, peer: "::ffff:c633:6407" },
      ],
      "auth-lockout",
    ],
    ["another client is another matter", [wrong, wrong, wrong, { ...right, peer: "198.51.100.1" }], null],
    [
      "forwarding headers of strangers rotate in vain",
      [1, 2, 3, 4].map((last) => ({ fields: [...bearer("wrong"), ["X-Forwarded-For", `1.1.1.${last}`]] as Fields })),
      "auth-lockout",
    ],
    [
      "a trusted proxy's clients are told apart",
      [1, 2, 3, 4].map((last) => ({
        peer: "10.0.0.1",
        fields: [...bearer("wrong"), ["X-Forwarded-For", `9.9.9.9, 1.1.1.${last}`]] as Fields,
      })),
      "unauthorized",
    ],
    [
      "a trusted proxy's client cannot hide behind what it wrote itself",
      [1, 2, 3, 4].map((first) => ({
        peer: "10.0.0.1",
        fields: [...bearer("wrong"), ["X-Forwarded-For", `9.9.9.${first}, 1.1.1.1`]] as Fields,
      })),
      "auth-lockout",
    ],
    [
      "whom a trusted proxy does not name is one client",
      [1, 2, 3, 4].map((last) => ({
        peer: "10.0.0.1",
        fields: [...bearer("wrong"), ["X-Forwarded-For", `nobody-${last}`]] as Fields,
      })),
      "auth-lockout",
    ],
    ["programs of this machine are exempt", Array.from({ length: 5 }, () => local), "unauthorized"],
    [
      "what comes through a proxy of this machine is not exempt",
      [1, 2, 3, 4].map((last) => ({
        peer: "127.0.0.1",
        fields: [...bearer("wrong"), ["X-Forwarded-For", `1.1.1.${last}`]] as Fields,
      })),
      "auth-lockout",
    ],
  ])("%s", (_sentence, scenes, last) => {
    expect(tries(scenes).at(-1)).toBe(last);
  });

  it("keeps no count of who is exempt", () => {
    const limiter = new RateLimiter();
    tries([local, local, local], limiter);
    expect(limiter.size).toBe(0);
  });

  it("counts those that a proxy does not name apart from those that it names", () => {
    const unnamed: Scene = { peer: "10.0.0.1", fields: [...bearer("wrong"), ["X-Forwarded-For", "nobody"]] };
    const named: Scene = { peer: "10.0.0.1", fields: [...bearer(TOKEN), ["X-Forwarded-For", "1.1.1.1"]] };
    expect(tries([unnamed, unnamed, unnamed, unnamed, named])).toEqual([
      "unauthorized",
      "unauthorized",
      "unauthorized",
      "auth-lockout",
      null,
    ]);
  });

  it("counts programs of this machine when told to", () => {
    const strict = auth({ rateLimit: { ...rules, exemptLoopback: false } });
    const scenes = Array.from({ length: 4 }, () => ({ settings: strict, ...local }));
    expect(tries(scenes).at(-1)).toBe("auth-lockout");
  });

  it("is not there unless configured", () => {
    const scenes = Array.from({ length: 50 }, () => ({ ...wrong, settings: auth() }));
    expect(new Set(tries(scenes))).toEqual(new Set(["unauthorized"]));
  });
});
