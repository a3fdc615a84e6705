// Envelopes: where message, code, type, param, status and the names of classes are found.
import { describe, expect, it } from "vitest";
import { readErrorObject, readProviderError } from "../../../../src/dialects/classify/provider-error.ts";

const EMPTY = { message: "", words: "", type: null, code: null, param: null, codes: [], status: null };
const read = (body: unknown) => readProviderError(typeof body === "string" ? body : JSON.stringify(body));

describe("an envelope", () => {
  const rows: readonly [what: string, body: unknown, expected: object][] = [
    [
      "OpenAI's",
      { error: { message: "m", type: "t", param: "p", code: "c" } },
      { message: "m", words: "m", type: "t", param: "p", code: "c", codes: ["c", "t"], status: null },
    ],
    ["Anthropic's", { type: "error", error: { type: "t", message: "m" } }, { message: "m", type: "t", codes: ["t"] }],
    [
      "Google's",
      { error: { code: 503, message: "m", status: "S" } },
      { message: "m", type: "S", code: "503", status: 503, codes: ["503", "S"] },
    ],
    ["Google's, as a list of one", [{ error: { message: "m" } }, { error: { message: "n" } }], { message: "m" }],
    ["Cloudflare's", { errors: [{ code: 5007, message: "m" }] }, { message: "m", code: "5007", status: null }],
    ["Ollama's", { error: "m" }, { message: "m", codes: [] }],
    ["vLLM's", { object: "error", message: "m", type: "t", code: 404 }, { message: "m", type: "t", status: 404 }],
    ["Bedrock's", { Message: "m", __type: "a.b#T" }, { message: "m", codes: ["T"] }],
    ["Bedrock's without its package", { message: "m", __type: "T" }, { codes: ["T"] }],
    ["xAI's", { code: "words", error: "m" }, { message: "m", code: "words" }],
    ["FastAPI's", { detail: "m" }, { message: "m", words: "m" }],
    [
      "pydantic's",
      { detail: [{ loc: ["body", 0, "x"], msg: "m" }, { msg: "n" }, {}] },
      { message: "body.0.x: m; n; invalid", words: "m; n; invalid" },
    ],
    ["Mistral's", { message: { detail: [{ loc: ["x"], msg: "m" }] } }, { message: "x: m", words: "m" }],
    ["Mistral's other", { message: [{ loc: ["x"], msg: "m" }] }, { message: "x: m", words: "m" }],
    ["Azure's", { error: { code: "c", innererror: { code: "i" } } }, { code: "c", codes: ["c", "i"] }],
    ["one whose words stand beside its error", { error: { type: "t" }, message: "m" }, { message: "m", type: "t" }],
    ["none", {}, EMPTY],
    ["null", null, { ...EMPTY, message: "null", words: "null" }],
    ["an empty list", [], { ...EMPTY, message: "[]", words: "[]" }],
    ["text", " hello ", { ...EMPTY, message: "hello", words: "hello" }],
    ["nothing", "", EMPTY],
    ["markup", " <html>m</html>", EMPTY],
    ["wrong types", { error: { message: 5, type: {}, code: [], param: 1, status: null, details: [1] } }, EMPTY],
  ];
  it.each(rows)("%s", (_what, body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });
});

describe("a status that the body states", () => {
  const rows: readonly [body: object, status: number | null][] = [
    [{ error: { code: 429 } }, 429],
    [{ error: { code: "429" } }, 429],
    [{ error: { status: 503 } }, 503],
    [{ error: { status_code: 503 } }, 503],
    [{ error: { code: "x" }, status: 401 }, 401],
    [{ error: { code: "x" }, status_code: 402 }, 402],
    [{ error: { code: 400 } }, 400],
    [{ error: { code: 599 } }, 599],
    [{ error: { code: 399 } }, null],
    [{ error: { code: 600 } }, null],
    [{ error: { code: 429.5 } }, null],
    [{ error: { code: true } }, null],
    [{ error: { code: "" } }, null],
  ];
  it.each(rows)("%j", (body, status) => {
    expect(readErrorObject(body as never).status).toBe(status);
  });
});

describe("names in an error", () => {
  it("are cut where nobody reads on: an event may hold megabytes, and all that is kept is redacted", () => {
    const error = { code: "c".repeat(8_000_000), param: "http://a ".repeat(900_000) };
    const { code, param, codes } = readErrorObject({ error });
    expect([code?.length, param?.length, codes.map(({ length }) => length)]).toEqual([2_048, 2_048, [2_048]]);
  });
});

describe("an error behind an error", () => {
  const inner = { error: { message: "inner", type: "it", code: "ic", param: "ip" } };
  const raw = (text: string) => ({ error: { message: "outer", metadata: { raw: text } } });

  it("in OpenRouter's metadata is said after the outer one", () => {
    const { message, words, code, param, codes } = readErrorObject(raw(JSON.stringify(inner)));
    expect([message, words, code, param, codes]).toEqual(["outer: inner", "outer: inner", "ic", "ip", ["ic", "it"]]);
    expect(readErrorObject(raw(JSON.stringify([inner]))).message).toBe("outer: inner");
    expect(readErrorObject(raw("bare")).message).toBe("outer: bare");
    expect(readErrorObject(raw("<html>")).message).toBe("outer");
    expect(readErrorObject({ error: { metadata: { raw: "bare" } } }).message).toBe("bare");
  });

  it("as text of JSON takes the outer one's place", () => {
    for (const text of [JSON.stringify(inner), `  ${JSON.stringify([inner])}`]) {
      expect(readErrorObject({ error: { message: text } })).toMatchObject({
        message: "inner",
        code: "ic",
        codes: ["ic", "it"],
      });
      expect(readErrorObject({ error: text }).message).toBe("inner");
    }
    const complaint = JSON.stringify({ detail: [{ loc: ["x"], msg: "m" }] });
    expect(readErrorObject({ error: { message: complaint } })).toMatchObject({ message: "x: m", words: "m" });
  });

  it("is kept as it is when it is no JSON or says nothing", () => {
    expect(readErrorObject({ error: { message: "{broken" } }).message).toBe("{broken");
    expect(readErrorObject({ error: { message: "{}" } }).message).toBe("{}");
    expect(readErrorObject({ error: { message: "[1]" } }).message).toBe("[1]");
  });

  it("keeps the outer code and param where there are any", () => {
    const outer = { error: { message: JSON.stringify(inner), code: "oc", param: "op" } };
    expect(readErrorObject(outer)).toMatchObject({ code: "oc", param: "op", codes: ["oc", "ic", "it"] });
  });

  it("is read two deep and no deeper", () => {
    let body: object = { error: { message: "deepest" } };
    const depths = [0, 1, 2, 3, 4].map(() => {
      const { message } = readErrorObject(body as never);
      body = { error: { message: JSON.stringify(body) } };
      return message;
    });
    expect(depths.slice(0, 3)).toEqual(["deepest", "deepest", "deepest"]);
    expect(depths[3]).toBe('{"error":{"message":"deepest"}}');
  });
});

it("keeps 16384 characters of a text", () => {
  const long = "x".repeat(20_000);
  for (const body of [long, { error: { message: long } }, { detail: long }, { detail: [{ loc: [long], msg: "m" }] }]) {
    expect(read(body).message.length).toBe(16_384);
  }
  expect(read({ error: { message: "outer", metadata: { raw: long } } }).message.length).toBe(16_384);
});
