// Secrets in texts of others. The canary stands for a secret; whatever the text around it, the canary must be gone.
import { describe, expect, it } from "vitest";
import { createRedactor, masked } from "../../../src/telemetry/redact.ts";
import { isSecretName } from "../../../src/telemetry/secret-patterns.ts";

const CANARY = "CaNaRy0123456789xyzW";
const MASKED = "CaNaRy…xyzW";
// Made anew for every text, so that mutants of its making are seen as well.
const redact = (text: string): string => createRedactor([], [])(text);

/** Text with the canary, and the text that is left. */
const LOOKS: readonly (readonly [what: string, text: string, left: string])[] = [
  ["an environment assignment", `OPENAI_API_KEY=${CANARY} next`, `OPENAI_API_KEY=${MASKED} next`],
  ["a quoted assignment", `export GITHUB_TOKEN="${CANARY}"`, `export GITHUB_TOKEN="${MASKED}"`],
  ["an assignment of a SECRET", `CLIENT_SECRET = ${CANARY}`, `CLIENT_SECRET = ${MASKED}`],
  ["an assignment of a PASSWORD", `DB_PASSWORD=${CANARY}`, `DB_PASSWORD=${MASKED}`],
  ["a lower-case assignment", `api_key=${CANARY}`, `api_key=${MASKED}`],
  ["an environment line", `ANTHROPIC_API_KEY: ${CANARY}`, `ANTHROPIC_API_KEY: ${MASKED}`],
  ["a header line", `x-api-key: ${CANARY}`, `x-api-key: ${MASKED}`],
  ["a password line", `password: ${CANARY}`, `password: ${MASKED}`],
  ["a URL query", `GET https://a.test/v1?key=${CANARY}&alt=sse`, `GET https://a.test/v1?key=${MASKED}&alt=sse`],
  ["a second URL query", `https://a.test/?a=1&access_token=${CANARY}`, `https://a.test/?a=1&access_token=${MASKED}`],
  ["a signed URL", `https://a.test/?sig=${CANARY}&x=1`, `https://a.test/?sig=${MASKED}&x=1`],
  ["a signature with spaces", `https://a.test/?sig = ${CANARY}`, `https://a.test/?sig = ${MASKED}`],
  ["a password in a URL", `https://me:${CANARY}@a.test/v1`, `https://me:${MASKED}@a.test/v1`],
  ["a JSON field", `{"apiKey":"${CANARY}","a":1}`, `{"apiKey":"${MASKED}","a":1}`],
  ["a JSON field with spaces", `{ "refresh_token" : "${CANARY}" }`, `{ "refresh_token" : "${MASKED}" }`],
  ["a JSON field inside a JSON string", `"{\\"secret\\":\\"${CANARY}\\"}"`, `"{\\"secret\\":\\"${MASKED}\\"}"`],
  ["a JSON field with an escape", `{"token":"${CANARY}\\/${CANARY}"}`, `{"token":"CaNaRy…xyzW"}`],
  ["a JSON field with a short value", `{"token":"abc"}`, `{"token":"***"}`],
  ["a card number", `{"cardNumber":"4242424242424242"}`, `{"cardNumber":"***"}`],
  ["a card number as a number", `{"card_number": 4242424242424242}`, `{"card_number": ***}`],
  ["a card's check digits", `{"cvc":"123"}`, `{"cvc":"***"}`],
  ["a command line flag", `run --api-key ${CANARY} --port 1`, `run --api-key ${MASKED} --port 1`],
  ["a command line flag with =", `run --token=${CANARY}`, `run --token=${MASKED}`],
  ["a property of an inspected object", `{ apiKey: '${CANARY}' }`, `{ apiKey: '${MASKED}' }`],
  ["an inspected header", `{ 'x-api-key': '${CANARY}' }`, `{ 'x-api-key': '${MASKED}' }`],
  ["an authorization header", `Authorization: Bearer ${CANARY}`, `Authorization: Bearer ${MASKED}`],
  ["an authorization header in JSON", `"authorization":"Basic ${CANARY}"`, `"authorization":"Basic ${MASKED}"`],
  [
    "an authorization header in a flat list",
    `["authorization","Bearer ${CANARY}"]`,
    `["authorization","Bearer ${MASKED}"]`,
  ],
  ["a bare bearer token", `got Bearer ${CANARY} from`, `got Bearer ${MASKED} from`],
  ["an OpenAI key", `bad key sk-proj-${CANARY}.`, `bad key sk-pro…xyzW.`],
  ["a GitHub token", `ghp_${CANARY}`, `ghp_Ca…xyzW`],
  ["a fine-grained GitHub token", `github_pat_${CANARY}`, `github…xyzW`],
  ["a Slack token", `xoxb-12345-${CANARY}`, `xoxb-1…xyzW`],
  ["a Slack app token", `xapp-1-${CANARY}`, `xapp-1…xyzW`],
  ["a Groq key", `gsk_${CANARY}`, `gsk_Ca…xyzW`],
  ["a Google key", `AIzaSy${CANARY}`, `AIzaSy…xyzW`],
  ["a Perplexity key", `pplx-${CANARY}`, `pplx-C…xyzW`],
  ["an xAI key", `xai-${CANARY}`, `xai-Ca…xyzW`],
  ["an npm token", `npm_${CANARY}`, `npm_Ca…xyzW`],
  ["an AWS key id", `AKIAIOSFODNN7EXAMPLE`, `AKIAIO…MPLE`],
  ["a Tencent key id", `AKID${CANARY}`, `AKIDCa…xyzW`],
  ["an Alibaba key id", `LTAI${CANARY}`, `LTAICa…xyzW`],
  ["a Hugging Face token", `hf_${CANARY}`, `hf_CaN…xyzW`],
  ["a Replicate token", `r8_${CANARY}`, `r8_CaN…xyzW`],
  ["a Telegram bot token", `bot123456789:${CANARY}/getMe`, `bot123456…xyzW/getMe`],
  ["a JSON web token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${CANARY}`, `eyJhbG…xyzW`],
  ["a private key", `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END RSA PRIVATE KEY-----\nafter`, `***\nafter`],
  ["a private key on one line", `"-----BEGIN PRIVATE KEY-----\\n${CANARY}\\n-----END PRIVATE KEY-----"`, `"***"`],
  ["a private key that was cut off", `x -----BEGIN EC PRIVATE KEY-----\nProc-Type: 4\n${CANARY}`, `x ***`],
];

const INNOCENT: readonly (readonly [what: string, text: string])[] = [
  ["a provider's advice", "Incorrect API key provided. You can find your API key at https://platform.test/account."],
  ["a complaint about a parameter", "Invalid key: temperature must be a number"],
  ["a complaint about a token", "Unexpected token: < in JSON at position 0"],
  ["token counts", `{"max_tokens":100,"tokens":{"input":12},"total_tokens":"5"}`],
  ["words that begin like keys", "task-forces ask-me risk-averse-people-only"],
  ["a scheme that is wanted", "This endpoint needs Basic internationalization-of-names."],
  ["a time and a port", "12:30:45 connect ECONNREFUSED 127.0.0.1:8080"],
  ["a request id", "req_4bf92f3577b34da6a3ce929d0e0e4736"],
  ["a URL without credentials", "https://a.test:8443/v1/chat/completions?alt=sse"],
  ["a public key", "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----"],
  ["an empty text", ""],
];

describe("secrets by their looks", () => {
  it.each(LOOKS)("%s is masked", (_what, text, left) => {
    expect(redact(text)).toBe(left);
  });

  it.each(LOOKS)("%s is masked in the middle of a sentence", (_what, text) => {
    expect(redact(`The provider said (${text}) and closed.`)).not.toContain(CANARY);
  });

  it.each(INNOCENT)("%s is left alone", (_what, text) => {
    expect(redact(text)).toBe(text);
  });

  it("masks every one of several", () => {
    expect(redact(`A_KEY=${CANARY} B_KEY=${CANARY}`)).toBe(`A_KEY=${MASKED} B_KEY=${MASKED}`);
  });

  it("changes nothing that it has changed before", () => {
    for (const [, text] of LOOKS) expect(redact(redact(text))).toBe(redact(text));
  });

  it("finds a secret at the seam of two pieces of a long text", () => {
    for (let at = 16_350; at < 16_400; at += 1) {
      const text = `${"words and ".repeat(1_700).slice(0, at)} sk-${CANARY} ${"more words ".repeat(3_000)}`;
      expect(redact(text)).not.toContain(CANARY);
    }
  });

  it("finds a private key that is longer than a piece", () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${`${CANARY}\n`.repeat(3_000)}-----END PRIVATE KEY-----`;
    expect(redact(`${"x ".repeat(5_000)}${key} end`)).toBe(`${"x ".repeat(5_000)}*** end`);
  });

  it("masks the same in a text of any length, and loses and adds nothing", () => {
    for (const length of [16 * 1024, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 48 * 1024, 80_000]) {
      const words = "lorem ipsum dolor ".repeat(6_000).slice(0, length);
      expect(redact(words)).toBe(words);
      expect(redact(`${words} sk-${CANARY}`)).toBe(`${words} sk-CaN…xyzW`);
      const solid = "x".repeat(length);
      expect(redact(solid)).toBe(solid);
    }
  });

  it("breaks no secret at the seams of a long text, wherever they fall between words", () => {
    for (let phase = 0; phase < 25; phase += 1) {
      const start = "x".repeat(phase);
      const text = `${start} ${`sk-${CANARY} `.repeat(4_000)}`;
      expect(redact(text)).toBe(`${start} ${"sk-CaN…xyzW ".repeat(4_000)}`);
    }
  });

  it("masks every private key and keeps what is between", () => {
    const key = `-----BEGIN PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`;
    expect(redact(`a ${key} b ${key} c`)).toBe("a *** b *** c");
  });

  it.each([
    ["dashes", `key${"-".repeat(60_000)}`],
    ["openings of private keys", "-----BEGIN PRIVATE KEY-----".repeat(3_000)],
    ["openings of web tokens", "eyJ-".repeat(15_000)],
    ["quotes", `"key`.repeat(15_000)],
    ["backslashes", `"key":"${"\\".repeat(60_000)}`],
    ["spaces", `token${" ".repeat(60_000)}=`],
    ["digits", `${"1".repeat(60_000)}:`],
    ["words joined", `${"a-".repeat(30_000)}key`],
  ])("takes no more than linear time over many %s", (_what, text) => {
    expect(redact(text).length).toBeGreaterThan(0);
  });
});

describe("the mask", () => {
  it.each([
    ["abc", "***"],
    ["a".repeat(17), "***"],
    ["abcdef-123456-wxyz", "abcdef…wxyz"],
  ])("of %s is %s", (secret, mask) => {
    expect(masked(secret)).toBe(mask);
  });
});

describe("secrets by value", () => {
  const VALUES = [
    "hunter2",
    "hunter2-hunter2",
    `we"ird\\secret`,
    "pass word?",
    " padded-value ",
    "short",
    "sixsix",
    "  ",
  ];
  const byValue = (text: string): string => createRedactor(VALUES, [])(text);

  it.each([
    ["stands alone", "the hunter2 came", "the *** came"],
    ["stands inside a word", "xhunter2x", "x***x"],
    ["begins another one", "hunter2-hunter2", "***"],
    ["comes twice", "hunter2 hunter2", "*** ***"],
    ["is written in JSON", JSON.stringify({ a: `we"ird\\secret` }), `{"a":"***"}`],
    ["is written in a URL", "q=pass%20word%3F", "q=***"],
    ["has six characters", "a sixsix b", "a *** b"],
    ["is the whole text", "sixsix", "***"],
    ["was written with spaces around it", "(padded-value)", "(***)"],
  ])("are masked whole when one %s", (_what, text, left) => {
    expect(byValue(text)).toBe(left);
  });

  it("are left alone under six characters: those are words", () => {
    expect(byValue("a short story")).toBe("a short story");
  });

  it("are found without any pattern", () => {
    const valuesOnly = createRedactor(["hunter2"], null);
    expect(valuesOnly(`hunter2 A_KEY=${CANARY}`)).toBe(`*** A_KEY=${CANARY}`);
  });
});

describe("patterns of the operator", () => {
  it.each([
    ["replace the built-in list", ["/cust-\\d+/"], `cust-123 sk-${CANARY}`, `*** sk-${CANARY}`],
    ["mask the whole match without a group", ["/cust-\\d+/"], "cust-12345678901234567890", "cust-1…7890"],
    ["mask the last group that took part", ["/cust=(\\w+)|card=(\\w+)/"], "cust=abc card=def", "cust=*** card=***"],
    ["are case-insensitive without slashes", ["cust-\\d+"], "CUST-1 cust-2", "*** ***"],
    ["are case-sensitive as the slashes say", ["/cust-\\d+/"], "CUST-1 cust-2", "CUST-1 ***"],
    ["mask the last group also when it has a name", ["/(a)cust=(?<id>\\w+)/"], "acust=abc", "acust=***"],
    ["take an empty group for no secret", ["/cust=(\\d+)(x*)/"], "cust=12", "cust=***"],
    ["see texts of any length", ["/\\d{4}/"], "1234", "***"],
    ["change nothing where they match nothing", ["/x*/"], "a b xxxxxx c", "a b *** c"],
    ["look everywhere, also when they say sticky", ["/cust-\\d+/y"], "x cust-1 cust-2", "x *** ***"],
    ["still have private keys masked", ["/cust/"], "-----BEGIN PRIVATE KEY-----\nabc", "***"],
    [
      "are joined by the built-in list when one is refused",
      ["/(a+)+$/", "/cust-\\d+/"],
      `cust-1 sk-${CANARY}`,
      "*** sk-CaN…xyzW",
    ],
    ["give way to the built-in list when all are refused", ["/("], `sk-${CANARY}`, "sk-CaN…xyzW"],
  ])("%s", (_sentence, patterns, text, left) => {
    expect(createRedactor([], patterns)(text)).toBe(left);
  });
});

describe("a pattern of the operator that matches everything", () => {
  const everything = createRedactor([], ["/[^]+/"]);
  /** Words of so many characters with the space behind them, numbered. */
  const numbered = (count: number, length: number): string =>
    Array.from({ length: count }, (_, at) => `${String(at).padStart(length - 1, "0")} `).join("");

  it.each([
    ["32 Ki characters whole", numbered(4_096, 8), ["000000…095 "]],
    ["longer texts in pieces of 16 Ki, cut behind a space", numbered(4_097, 8), ["000000…047 ", "000204…095 ", "***"]],
    ["pieces that end between words", numbered(4_682, 7), ["000000…339 ", "002340…679 ", "***"]],
    [
      "a last piece whole, also when it is long",
      `${numbered(4_096, 8)}${"last ".repeat(3_276)}end`,
      ["000000…047 ", "000204…095 ", "last l… end"],
    ],
    [
      "a last piece that is as long as any",
      `${numbered(4_096, 8)}${"last ".repeat(3_276)}ends`,
      ["000000…047 ", "000204…095 ", "last l…ends"],
    ],
    [
      "a piece that ends at the last space within its last 2 Ki",
      `${"a".repeat(16_384 - 2_048)} ${"b".repeat(20_000)}`,
      ["aaaaaa…aaa ", "bbbbbb…bbbb", "bbbbbb…bbbb"],
    ],
    [
      "a piece of one long word, when no space is near its end",
      `${"a".repeat(16_384 - 2_049)} ${"b".repeat(20_000)}`,
      ["aaaaaa…bbbb", "bbbbbb…bbbb", "bbbbbb…bbbb"],
    ],
  ])("sees %s", (_what, text, masks) => {
    expect(everything(text)).toBe(masks.join(""));
  });
});

describe("names of fields", () => {
  it.each([
    "apiKey",
    "x-api-key",
    "OPENAI_API_KEY",
    "token",
    "accessToken",
    "client_secret",
    "password",
    "authorization",
    "cvc",
  ])("%s is secret", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(["key", "tokens", "max_tokens", "message", "keys", "secretary"])("%s is not", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("a short word", () => {
  it("comes out the same each time, however many have come between", () => {
    const redact = createRedactor(["hunter-22"], null);
    const words = Array.from({ length: 300 }, (_, at) => `word-${at}`);
    const told = ["hunter-22", "hunter-22", "stop", ...words, "hunter-22", "stop"];
    expect(told.map(redact)).toEqual(["***", "***", "stop", ...words, "***", "stop"]);
  });
});
