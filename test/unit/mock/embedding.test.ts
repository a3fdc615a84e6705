import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { at, MockStage, PATHS } from "../../support/mock-call.ts";

async function embed(body: JsonObject, model = "embed") {
  return await new MockStage().ask({ model, path: PATHS.embeddings, body });
}

async function vectors(body: JsonObject): Promise<number[][]> {
  const { json } = await embed(body);
  return (json["data"] as unknown as { embedding: number[] }[]).map(({ embedding }) => embedding);
}

function dot(a: readonly number[] = [], b: readonly number[] = []): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

describe("embeddings of the mock", () => {
  it("are unit vectors of 256 numbers, in the order of the inputs", async () => {
    const { json } = await embed({ input: ["the quick fox", "a lazy dog"] });
    expect(json).toMatchObject({ object: "list", model: "embed", usage: { prompt_tokens: 6, total_tokens: 6 } });
    expect([at(json, "data", 0, "index"), at(json, "data", 1, "index")]).toEqual([0, 1]);
    for (const vector of await vectors({ input: ["the quick fox", "a lazy dog", ""] })) {
      expect(vector).toHaveLength(256);
      expect(dot(vector, vector)).toBeCloseTo(1, 5);
    }
  });

  it("are the same for the same text, wherever it stands", async () => {
    const [one, two] = await vectors({ input: ["same text", "same text"] });
    expect(one).toEqual(two);
    expect(await vectors({ input: "same text" })).toEqual([one]);
  });

  it("are nearer for texts that share words", async () => {
    const [fox, foxes, tax] = await vectors({
      input: ["the quick brown fox", "a quick brown dog", "annual tax report 2031"],
    });
    expect(dot(fox, foxes)).toBeGreaterThan(dot(fox, tax) + 0.2);
  });

  it("have as many dimensions as are asked for", async () => {
    const [vector] = await vectors({ input: "text", dimensions: 8 });
    expect(vector).toHaveLength(8);
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
  });

  it("come as base64 of float32 with the very same numbers", async () => {
    const [floats] = await vectors({ input: "text", dimensions: 5 });
    const { json } = await embed({ input: "text", dimensions: 5, encoding_format: "base64" });
    const bytes = Buffer.from(String(at(json, "data", 0, "embedding")), "base64");
    expect([0, 1, 2, 3, 4].map((index) => bytes.readFloatLE(index * 4))).toEqual(floats);
  });

  it("take token ids, one list or several", async () => {
    const [one] = await vectors({ input: [1, 2, 3] });
    expect(await vectors({ input: [[1, 2, 3], [4]] })).toEqual([one, expect.any(Array)]);
  });

  it.each([
    ["no input", {}, "input"],
    ["an empty list", { input: [] }, "input"],
    ["an object", { input: { text: "a" } }, "input"],
    ["a mixed list", { input: ["a", 1] }, "input"],
    ["an empty token list", { input: [[]] }, "input"],
    ["too many inputs", { input: Array.from({ length: 2049 }, () => "a") }, "input"],
    ["no dimension", { input: "a", dimensions: 0 }, "dimensions"],
    ["half a dimension", { input: "a", dimensions: 1.5 }, "dimensions"],
    ["too many dimensions", { input: "a", dimensions: 4000 }, "dimensions"],
  ])("refuse %s", async (_what, body, param) => {
    const heard = await embed(body as JsonObject);
    expect([heard.status, at(heard.json, "error", "param")]).toEqual([400, param]);
  });

  it("come from chat models too, as local servers have it", async () => {
    expect((await embed({ input: "a" }, "echo")).status).toBe(200);
  });
});
