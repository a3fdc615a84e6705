// Azure's ways on the wire, through the real process: path, query, header and deployment of every format, at both of its roots. The
// provider answers 404 to everything else, as Azure does.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, type Asked, type Behaviour } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

const VERSION = "2025-04-01-preview";
const KEY = "0123456789abcdef0123456789abcdef";
/** What Azure has for the deployment `prod-gpt`. */
const PATHS: ReadonlySet<string> = new Set([
  `/openai/responses?api-version=${VERSION}`,
  `/openai/deployments/prod-gpt/chat/completions?api-version=${VERSION}`,
  `/openai/deployments/prod-gpt/embeddings?api-version=${VERSION}`,
  "/openai/v1/responses",
  "/openai/v1/chat/completions",
  "/openai/v1/embeddings",
]);
const missing = JSON.stringify({ error: { code: "404", message: "Resource not found" } });
const azure: Behaviour = (request: Asked) => {
  const isThere = PATHS.has(request.path) && request.model === "prod-gpt";
  return isThere ? answer()(request) : [head(404, [["content-type", "application/json"]]), write(missing)];
};

let provider: Provider;
let edge: Edge;
let client: OpenAI;

beforeAll(async () => {
  provider = await startProvider();
  for (const model of ["gpt", "prod-gpt", ""]) provider.on(model, azure);
  const entry = (root: string) => ({
    api: "azure-openai-responses",
    baseUrl: provider.origin + root,
    apiKey: KEY,
    models: [{ id: "gpt" }],
  });
  const all = ["openai-chat", "openai-responses", "openai-embeddings"];
  edge = await startEdge({
    env: { AZURE_OPENAI_API_VERSION: VERSION, AZURE_OPENAI_DEPLOYMENT_NAME_MAP: "gpt=prod-gpt" },
    config: {
      models: {
        mode: "replace",
        providers: { plain: entry("/openai"), dated: entry("/openai/"), fresh: entry("/openai/v1") },
      },
      agents: { list: ["plain", "dated", "fresh"].map((id) => ({ id, model: `${id}/gpt` })) },
      edge: { providers: { dated: { dialects: all }, fresh: { dialects: all } } },
    },
  });
  client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: edge.token, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

/** Path, key and model of the last request. */
function last(): object {
  const request = provider.requests.at(-1);
  const { headers = {}, path = "" } = request ?? {};
  return { path, key: headers["api-key"], bearer: headers["authorization"], model: request?.model };
}

describe.each([
  [
    "plain",
    `/openai/responses?api-version=${VERSION}`,
    `/openai/responses?api-version=${VERSION}`,
    "/openai/deployments/prod-gpt/embeddings",
  ],
  [
    "dated",
    `/openai/responses?api-version=${VERSION}`,
    `/openai/deployments/prod-gpt/chat/completions?api-version=${VERSION}`,
    "/openai/deployments/prod-gpt/embeddings",
  ],
  ["fresh", "/openai/v1/responses", "/openai/v1/chat/completions", "/openai/v1/embeddings"],
])("agent %s", (agent, responses, chat, embeddings) => {
  const model = `openclaw/${agent}`;
  const sent = { key: KEY, bearer: undefined, model: "prod-gpt" };

  it("answers, streamed and whole", async () => {
    const answered = await client.responses.create({ model, input: "hi" });
    expect(answered.output_text).toContain("prod-gpt");
    expect(last()).toEqual({ ...sent, path: responses });
    const final = await client.responses.stream({ model, input: "hi" }).finalResponse();
    expect(final.status).toBe("completed");
  });

  it("chats, in its own format or by way of the other", async () => {
    const messages = [{ role: "user" as const, content: "hi" }];
    const answered = await client.chat.completions.create({ model, messages });
    expect(answered.choices[0]?.message.content).toContain("prod-gpt");
    expect(last()).toEqual({ ...sent, path: chat });
  });

  it("embeds", async () => {
    const { data } = await client.embeddings.create({ model, input: ["a", "b"] });
    expect(data).toHaveLength(2);
    const query = agent === "fresh" ? "" : `?api-version=${VERSION}`;
    expect(last()).toEqual({ ...sent, path: embeddings + query });
  });
});
