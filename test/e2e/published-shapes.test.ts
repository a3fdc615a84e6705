// The smaller answers in their published shapes: lists of models, embeddings, and every error of the door, in the envelope of its endpoint.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { publishedFaults } from "../support/published/index.ts";

let provider: Provider;
let edge: Edge;
beforeAll(async () => {
  provider = await startProvider();
  edge = await startEdge({ config: chainConfig({ a: provider.url }) });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

async function faults(path: string, response: Response): Promise<readonly string[]> {
  const type = response.headers.get("content-type") ?? "";
  return publishedFaults({ path, status: response.status, type, text: await response.text() });
}

describe("published shapes", () => {
  it("of the list of models", async () => {
    expect(await faults("/v1/models", await edge.get("/v1/models"))).toEqual([]);
  });

  it.each(["float", "base64"])("of embeddings as %s", async (encoding_format) => {
    const body = { model: "openclaw", input: ["a", "b"], encoding_format };
    expect(await faults("/v1/embeddings", await edge.post("/v1/embeddings", body))).toEqual([]);
  });

  const messages = [{ role: "user", content: "hi" }];
  const good: Readonly<Record<string, object>> = {
    "/v1/chat/completions": { model: "openclaw", messages },
    "/v1/responses": { model: "openclaw", input: "hi" },
    "/v1/messages": { model: "openclaw", max_tokens: 10, messages },
    "/v1/embeddings": { model: "openclaw", input: "hi" },
  };
  const bad: readonly (readonly [status: number, what: string, init: (body: object) => RequestInit])[] = [
    [401, "a stranger", () => ({ headers: { authorization: "Bearer wrong" } })],
    [400, "a body that is no object", () => ({ body: "[]" })],
    [400, "a body that is cut", (body) => ({ body: JSON.stringify(body).slice(0, -2) })],
    [404, "an agent that is none", (body) => ({ body: JSON.stringify({ ...body, model: "openclaw/nobody" }) })],
    [400, "a model that is none", (body) => ({ body: JSON.stringify({ ...body, model: 7 }) })],
    [415, "another content type", () => ({ headers: { "content-type": "text/plain" } })],
  ];
  const cells = Object.entries(good).flatMap(([path, body]) =>
    bad.map(([status, what, init]) => [path, status, what, init(body)] as const),
  );
  it.each(cells)("of errors: %s, %i for %s", async (path, status, _what, init) => {
    const response = await edge.post(path, good[path] as object, init);
    expect(response.status).toBe(status);
    expect(await faults(path, response)).toEqual([]);
  });
});
