// 3.4: credentials and headers of callers. Who may not come in hears one thing only, and nothing that a caller writes is passed on.
import * as does from "../../support/behaviours.ts";
import type { LetterRow, Pen } from "../letter.ts";
import { unless } from "../client.ts";
import type { FlowRow, Row } from "../row.ts";

/** A gateway that lets everybody in cannot be asked who may. */
const NO_DOOR = "it would need a gateway that asks its callers for a credential";
const OUR_FIELD = "the header is ours";
const JSON_TYPE = "content-type: application/json";

/** A call that shows something else than the credential. */
function stranger(id: string, says: string, fields: (pen: Pen) => readonly string[]): LetterRow {
  return {
    id,
    says: `the caller ${says}`,
    sends: (pen) => [pen.letter({ known: false, lines: [JSON_TYPE, ...fields(pen)] })],
    answers: [401],
    code: null,
    onlyHere: NO_DOOR,
  };
}

/** A call with another request line, of somebody who may not come in. */
function aside(id: string, start: string, lines: readonly string[] = []): LetterRow {
  return {
    id,
    says: `a stranger asks ${start.replace(" HTTP/1.1", "")}${lines.length === 0 ? "" : ` with ${lines.join(", ")}`}`,
    sends: (pen) => [pen.letter({ start, known: false, lines: [JSON_TYPE, ...lines] })],
    answers: [[400, 401, 403, 404, 405]],
    lacks: ["openclaw/", "counter", "models.providers"],
    onlyHere: NO_DOOR,
  };
}

/** A model that is no model. */
function model(id: string, says: string, name: string): LetterRow {
  return {
    id,
    says: `the model is ${says}`,
    sends: (pen) => [pen.letter({ body: pen.json({ model: name }) })],
    answers: [[400, 404]],
    code: "model_not_found",
    contains: ['"param":"model"'],
    headers: { "x-injected": null },
    lacks: ["y".repeat(300)],
    onlyHere: "the model of the body decides nothing where a header names the provider",
  };
}

/** The same in the header that names a provider's model. */
function chosen(id: string, says: string, name: string): LetterRow {
  return {
    id,
    says: `x-openclaw-model is ${says}`,
    sends: (pen) => [pen.letter({ lines: [`x-openclaw-model: ${name}`] })],
    answers: [[400, 404]],
    code: "model_not_found",
    lacks: ["y".repeat(300)],
    onlyHere: OUR_FIELD,
  };
}

const HOSTILE_FIELDS: Readonly<Record<string, string>> = {
  cookie: "canary-cookie=1",
  "proxy-authorization": "Basic canary",
  "x-api-key": "canary-key",
  "api-key": "canary-key",
  forwarded: "for=canary",
  "x-forwarded-for": "203.0.113.7",
  te: "trailers",
  connection: "keep-alive, x-canary-hop",
  "x-canary-hop": "canary-hop",
  origin: "https://canary.example",
  referer: "https://canary.example/page",
  "user-agent": "canary-agent",
  "x-openclaw-session-key": "canary-session",
  "x-openclaw-message-channel": "canary-channel",
  "openai-organization": "org-canary",
  "x-custom": "canary-custom",
};
/** What a provider may be told beside its credential, Host and framing. */
const TOLD = new Set(
  "host content-type content-length transfer-encoding connection accept accept-encoding user-agent authorization traceparent".split(
    " ",
  ),
);
const SERVER_FIELDS: readonly (readonly [string, string])[] = [
  ["set-cookie", "canary=1"],
  ["www-authenticate", "Basic realm=canary"],
  ["proxy-authenticate", "Basic realm=canary"],
  ["access-control-allow-origin", "*"],
  ["strict-transport-security", "max-age=1"],
  ["clear-site-data", '"*"'],
  ["alt-svc", 'h3=":443"'],
  ["refresh", "0; url=https://canary.example"],
  ["server", "canary-server"],
  ["x-powered-by", "canary"],
  ["connection", "x-canary-hop"],
  ["x-canary-hop", "canary-hop"],
  ["openai-organization", "org-canary"],
  ["x-nobody-knows", "canary-unknown"],
];
/** Ours as well, with a value of ours. */
const OURS = new Set(["connection"]);

const FLOWS: readonly FlowRow[] = [
  {
    id: "H01",
    says: "a client sends cookies, keys, hop-by-hop and forwarding headers",
    wants: "the provider sees an allowlist and one credential, its own",
    actors: ["h01"],
    play: async (bench) => {
      bench.on("h01", does.answer());
      const { requests, status } = await bench.ask("h01", "whole", { headers: HOSTILE_FIELDS });
      const [, ...lines] = requests[0]?.headLines ?? [];
      const names = lines.map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
      const text = lines.join("\n");
      const more = names.filter((name) => !TOLD.has(name));
      const credentials = names.filter((name) => name === "authorization").length;
      return [
        ...unless(status === 200, `status ${status}`),
        ...unless(!/canary(?!-upstream)/.test(text), "what the client wrote was passed on"),
        ...unless(more.length === 0 || !bench.adapter.own, `the provider saw ${more.join(", ")}`),
        ...unless(credentials === 1 && text.includes("-h01"), `${credentials} credentials`),
      ];
    },
  },
  {
    id: "H02",
    says: "a provider sends cookies, challenges, CORS grants and its own names",
    wants: "the client sees none of them",
    actors: ["h02"],
    play: async (bench) => {
      bench.on("h02", does.answer({ headers: SERVER_FIELDS }));
      const outcomes = [await bench.ask("h02", "whole"), await bench.ask("h02", "stream")];
      const seen = SERVER_FIELDS.filter(
        ([name]) => !OURS.has(name) && outcomes.some(({ headers }) => headers.has(name)),
      );
      const said = outcomes.some(({ head }) => head.includes("canary"));
      return [
        ...unless(
          outcomes.every(({ status }) => status === 200),
          `statuses ${outcomes.map(({ status }) => status)}`,
        ),
        ...unless(seen.length === 0 && !said, `the client saw ${seen.map(([name]) => name).join(", ") || "a value"}`),
      ];
    },
  },
  {
    id: "H05",
    says: "an image stands at an address inside",
    wants: "the gateway does not fetch it",
    actors: ["h05"],
    play: async (bench) => {
      bench.on("h05", does.answer());
      const url = `${bench.healthy.origin}/decoy/h05.png`;
      const content = [
        { type: "text", text: "what is this?" },
        { type: "image_url", image_url: { url } },
      ];
      const { status } = await bench.ask("h05", "whole", { body: { messages: [{ role: "user", content }] } });
      const fetched = bench.healthy.requests.some(({ path }) => path.includes("/decoy/"));
      return [...unless(!fetched, "it was fetched"), ...unless(status === 200 || status === 400, `status ${status}`)];
    },
  },
  {
    id: "A09",
    says: "a stranger asks for a known and for an unknown model, with no token, a wrong one, a near miss and a giant",
    wants: "401 with the same bytes for all",
    actors: [],
    onlyHere: NO_DOOR,
    play: async (bench) => {
      const tokens = [null, "wrong", `${bench.gateway.token}x`, "z".repeat(12_288)];
      const bodies: string[] = [];
      for (const token of tokens) {
        for (const name of ["openclaw", "openclaw/nobody"]) {
          const headers = {
            "content-type": "application/json",
            ...(token !== null && { authorization: `Bearer ${token}` }),
          };
          const body = JSON.stringify({ model: name, messages: [{ role: "user", content: "hi" }] });
          const response = await fetch(`${bench.gateway.url}/v1/chat/completions`, { method: "POST", headers, body });
          const fields = [...response.headers].filter(([key]) => key !== "x-request-id" && key !== "date");
          bodies.push(JSON.stringify([response.status, fields, await response.text()]));
        }
      }
      return [
        ...unless(new Set(bodies).size === 1, `${new Set(bodies).size} different answers`),
        ...unless(bodies[0]?.startsWith("[401,") === true, bodies[0] ?? ""),
      ];
    },
  },
];

/** The rows. */
export const CALLERS: readonly Row[] = [
  ...FLOWS,
  chosen("H03", "a URL", "http://evil.example/v1"),
  chosen("H03b", "a path that climbs", "well/../../admin"),
  chosen("H03c", "a host behind an @", "well@evil.example/m"),
  chosen("H03d", "a name of Object.prototype", "__proto__/constructor"),
  chosen("H03e", "unknown", "nobody/nothing"),
  chosen("H03f", "4 KB long", "y".repeat(4_096)),
  model("H04", "unknown", "gpt-nobody"),
  model("H04b", "a header in disguise", "x\r\nx-injected: 1"),
  model("H04c", "NUL", "openclaw/\0"),
  model("H04d", "a script", "<script>alert(1)</script>"),
  model("H04e", "20 KB long", "y".repeat(20_480)),
  model("H04f", "a path that climbs", "openclaw/../../etc"),
  stranger("A01", "shows nothing", () => []),
  stranger("A02", "shows a wrong token", () => ["authorization: Bearer wrong"]),
  stranger("A02b", "shows the token without its last letter", ({ token }) => [
    `authorization: Bearer ${token.slice(0, -1)}`,
  ]),
  stranger("A02c", "shows the token and a letter more", ({ token }) => [`authorization: Bearer ${token}x`]),
  stranger("A02d", "shows the token in capitals", ({ token }) => [`authorization: Bearer ${token.toUpperCase()}`]),
  stranger("A02e", "shows 12 KiB", () => [`authorization: Bearer ${"z".repeat(12_288)}`]),
  stranger("A02f", "shows a quote and SQL", () => ["authorization: Bearer ' OR 1=1 --"]),
  stranger("A03", "shows the token by Basic", ({ token }) => [`authorization: Basic ${btoa(`x:${token}`)}`]),
  stranger("A03b", "shows the token by Digest", ({ token }) => [`authorization: Digest ${token}`]),
  stranger("A03c", "shows the token without a scheme", ({ token }) => [`authorization: ${token}`]),
  stranger("A03d", "shows the token as a cookie", ({ token }) => [`cookie: token=${token}; session=${token}`]),
  stranger("A03e", "shows the token as an api key", ({ token }) => [`x-api-key: ${token}`]),
  {
    id: "A03f",
    says: "the caller shows the token in the URL",
    sends: (pen) => [
      pen.letter({
        start: `POST ${pen.path}?token=${pen.token}&api_key=${pen.token} HTTP/1.1`,
        known: false,
        lines: [JSON_TYPE],
      }),
    ],
    answers: [401],
    onlyHere: NO_DOOR,
  },
  {
    ...stranger("A04", "shows two tokens, one of them right", ({ token }) => [
      `authorization: Bearer ${token}`,
      "authorization: Bearer wrong",
    ]),
    answers: [[400, 401]],
  },
  {
    id: "A05",
    says: "a stranger declares 15 MB",
    sends: (pen) => {
      const lines = [JSON_TYPE, "authorization: Bearer wrong", "content-length: 15728640"];
      return [pen.letter({ known: false, lines, framing: "as-written", body: "{" })];
    },
    answers: [401],
    closes: true,
    onlyHere: NO_DOOR,
  },
  stranger("A06", "says who it is in the headers of proxies", () => [
    "X-Forwarded-User: admin",
    "X-Forwarded-For: 127.0.0.1",
    "X-Real-IP: 127.0.0.1",
    "Tailscale-User-Login: admin@example.com",
    "x-openclaw-scopes: operator.admin",
  ]),
  stranger("A06b", "names another path in a header", () => ["X-Original-URL: /healthz", "X-Rewrite-URL: /healthz"]),
  {
    id: "A06c",
    says: "a caller overrides the method in a header",
    sends: (pen) => [pen.letter({ start: `GET ${pen.path} HTTP/1.1`, lines: ["X-HTTP-Method-Override: POST"] })],
    answers: [[404, 405]],
  },
  aside("A07", "POST //v1/chat/completions HTTP/1.1"),
  aside("A07b", "POST /v1/chat/completions;x=1 HTTP/1.1"),
  aside("A07c", "POST /v1%2fchat%2fcompletions HTTP/1.1"),
  aside("A07d", "POST /healthz/../v1/chat/completions HTTP/1.1"),
  aside("A07e", "POST /V1/CHAT/COMPLETIONS HTTP/1.1"),
  aside("A07f", "POST http://127.0.0.1/v1/chat/completions HTTP/1.1"),
  aside("A07g", "POST /healthz%2f..%2fv1/chat/completions HTTP/1.1"),
  aside("A07h", "GET /v1/models HTTP/1.1", ["x-forwarded-host: localhost"]),
  {
    ...aside("A07i", "GET /v1/models HTTP/1.1"),
    says: "a stranger names the health route in Host",
    sends: (pen) => [pen.letter({ start: "GET /v1/models HTTP/1.1", host: "x/healthz?", known: false })],
    answers: [[400, 401]],
  },
  ...[
    "/api/diagnostics/prometheus",
    "/metrics",
    "/config",
    "/debug/pprof",
    "/v1/models",
    "/status/feed",
    "/json/version",
  ].map((path, at) => aside(at === 0 ? "A08" : `A08-${at}`, `GET ${path} HTTP/1.1`)),
  {
    id: "A08b",
    says: "a stranger asks for health",
    sends: (pen) => [pen.strange("GET /healthz HTTP/1.1")],
    answers: [200],
    contains: ['"ok":true'],
    lacks: ["well", "provider", "version", "uptime"],
    onlyHere: "the path of health is ours",
  },
  {
    id: "A10",
    says: "a web page of another origin asks what it may",
    sends: (pen) => [
      pen.strange(`OPTIONS ${pen.path} HTTP/1.1`, [
        ["origin", "https://evil.example"],
        ["access-control-request-method", "POST"],
        ["access-control-request-headers", "authorization"],
      ]),
    ],
    answers: [[204, 403, 404, 405]],
    headers: { "access-control-allow-origin": null },
  },
  {
    id: "A10b",
    says: "a web page of another origin calls",
    sends: (pen) => [pen.letter({ lines: ["origin: https://evil.example"] })],
    answers: [[200, 403]],
    reaches: 1,
    headers: { "access-control-allow-origin": null },
  },
];
