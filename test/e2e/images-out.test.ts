// An image that Gemini answers with, through the real process: asked for and carried where the client's format has a place for it, counted
// where it has none.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

let provider: Provider;
let edge: Edge;

const PNG = "iVBORw0KGgoAAAANSUhEUg==";
const ANSWER = JSON.stringify({
  candidates: [
    {
      content: { role: "model", parts: [{ inlineData: { mimeType: "image/png", data: PNG } }] },
      finishReason: "STOP",
      index: 0,
    },
  ],
});
const messages = [{ role: "user", content: "draw a lobster" }];

beforeAll(async () => {
  provider = await startProvider();
  provider.on("", ({ path }) => {
    const streams = path.includes("stream");
    const type = streams ? "text/event-stream" : "application/json";
    return [head(200, [["content-type", type]]), write(streams ? `data: ${ANSWER}\r\n\r\n` : ANSWER)];
  });
  const model = "gemini-2.5-flash-image";
  const google = {
    api: "google-generative-ai",
    baseUrl: `${provider.origin}/v1beta`,
    apiKey: "sk-up",
    models: [{ id: model }],
  };
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: { google } },
      agents: { defaults: { model: `google/${model}` } },
      diagnostics: { enabled: true },
      plugins: { allow: ["diagnostics-prometheus"], entries: { "diagnostics-prometheus": { enabled: true } } },
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

it("reaches a chat client, whole and streamed, and Google is asked for images", async () => {
  const whole = await edge.post("/v1/chat/completions", { messages, modalities: ["image", "text"] });
  const image = { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } };
  expect(await whole.json()).toMatchObject({ choices: [{ message: { images: [image] }, finish_reason: "stop" }] });
  expect(whole.headers.get("x-openclaw-adjusted")).toBeNull();
  expect(provider.requests.at(-1)?.json()["generationConfig"]).toEqual({ responseModalities: ["IMAGE", "TEXT"] });
  const streamed = await edge.post("/v1/chat/completions", { messages, stream: true });
  const text = await streamed.text();
  expect(text).toContain(
    `"images":[{"type":"image_url","index":0,"image_url":{"url":"data:image/png;base64,${PNG}"}}]`,
  );
  expect(text).toContain("[DONE]");
});

it("reaches a client of Responses as the result of a call", async () => {
  const response = await edge.post("/v1/responses", { input: "draw" });
  expect(await response.json()).toMatchObject({ output: [{ type: "image_generation_call", result: PNG }] });
});

it("does not reach a client of messages, which is counted", async () => {
  const response = await edge.post("/v1/messages", { max_tokens: 99, messages });
  expect(await response.json()).toMatchObject({ content: [], stop_reason: "end_turn" });
  const metrics = await (await edge.get("/api/diagnostics/prometheus")).text();
  expect(metrics).toMatch(/openclaw_edge_repairs_total\{[^}]*repair="lost-image"[^}]*\} 1/);
});
