import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/core/json.ts";
import { decodeEmbeddingsRequest } from "../../../../src/dialects/openai-embeddings/decode-request.ts";

describe("decodeEmbeddingsRequest", () => {
  it.each<[string, JsonObject, object]>([
    ["a text", { input: "a" }, { texts: ["a"], dimensions: undefined, inputType: undefined, lost: [] }],
    [
      "texts",
      { input: ["a", "b"], dimensions: 3 },
      { texts: ["a", "b"], dimensions: 3, inputType: undefined, lost: [] },
    ],
    [
      "base64",
      { input: "a", encoding_format: "base64" },
      { texts: ["a"], dimensions: undefined, inputType: undefined, lost: [] },
    ],
    [
      "a form that is the provider's own",
      { input: "a", encoding_format: "int8" },
      { texts: ["a"], dimensions: undefined, inputType: undefined, lost: ["encoding_format"] },
    ],
    [
      "more",
      { model: "m", input: "a", user: "u", x: null },
      { texts: ["a"], dimensions: undefined, inputType: undefined, lost: ["user"] },
    ],
  ])("reads %s", (_what, tree, request) => {
    expect(decodeEmbeddingsRequest(tree, { fill: {} })).toEqual(request);
  });

  it("takes from the file what the request leaves out, and nothing else", () => {
    const fill = { dimensions: 256, input_type: "document", temperature: 1 };
    const filled = { texts: ["a"], dimensions: 256, inputType: "document", lost: [] };
    expect(decodeEmbeddingsRequest({ input: "a" }, { fill })).toEqual(filled);
    const own = decodeEmbeddingsRequest({ input: "a", dimensions: 3, input_type: "query" }, { fill });
    expect(own).toEqual({ ...filled, dimensions: 3, inputType: "query" });
  });

  it.each<[string, JsonObject, string, string]>([
    ["token ids", { input: [1, 2] }, "unsupported-parameter", "input"],
    ["lists of token ids", { input: [[1], [2]] }, "unsupported-parameter", "input"],
    ["objects", { input: [{}] }, "request-invalid", "input"],
    ["nothing", {}, "request-invalid", "input"],
    ["numbers among texts", { input: ["a", 1] }, "unsupported-parameter", "input"],
    ["dimensions in words", { input: "a", dimensions: "3" }, "request-invalid", "dimensions"],
  ])("refuses %s", (_what, tree, kind, param) => {
    expect(decodeEmbeddingsRequest(tree, { fill: {} })).toMatchObject({ kind, param });
  });
});
