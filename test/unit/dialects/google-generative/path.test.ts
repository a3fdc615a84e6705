import { describe, expect, it } from "vitest";
import { generatePath, modelName } from "../../../../src/dialects/google-generative/path.ts";

const PATH = "/v1beta/models/gemini-2.5-pro:streamGenerateContent";

describe("generatePath", () => {
  it.each([
    [`${PATH}?alt=sse`, "/v1beta/models/gemini-2.5-pro:generateContent"],
    [`${PATH}?alt=sse&key=k`, "/v1beta/models/gemini-2.5-pro:generateContent?key=k"],
    [`${PATH}?a=1&alt=sse&b=%20`, "/v1beta/models/gemini-2.5-pro:generateContent?a=1&b=%20"],
    [
      "/v1beta/tunedModels/a%3AstreamGenerateContent:streamGenerateContent?alt=sse",
      "/v1beta/tunedModels/a%3AstreamGenerateContent:generateContent",
    ],
    ["/odd/path", "/odd/path"],
  ])("%s, whole: %s", (path, whole) => {
    expect(generatePath(path, false)).toBe(whole);
    expect(generatePath(path, true)).toBe(path);
  });
});

describe("modelName", () => {
  it.each([
    ["gemini-embedding-001", "models/gemini-embedding-001"],
    ["models/gemini-embedding-001", "models/gemini-embedding-001"],
    ["tunedModels/mine", "tunedModels/mine"],
  ])("%s is %s", (model, name) => {
    expect(modelName(model)).toBe(name);
  });
});
