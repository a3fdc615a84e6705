// Self-healing, as operators and clients see it: a real process, a provider that refuses in the true words of others until it gets a request
// that they would take.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RemedyName } from "../../src/core/remedy.ts";
import type { Asked, Behaviour } from "../support/behaviours.ts";
import * as play from "../support/behaviours.ts";
import { type Edge, runCommand, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { errorCorpus } from "../support/error-corpus.ts";
import { type Provider, startProvider } from "../support/provider.ts";

type Sent = Readonly<Record<string, unknown>>;

/** What a server of the corpus said, word for word. */
function saidBy(provider: string, name: string): Behaviour {
  const sample = errorCorpus().find((each) => each.provider === provider && each.name === name);
  if (sample === undefined) throw new Error(`the corpus has no "${name}" of ${provider}`);
  return play.status(sample.status, sample.body as object | string, [["content-type", "application/json"]]);
}

/** Refuses in these words what the server would refuse, and answers everything else. */
function refusing(words: Behaviour, refuses: (body: Sent) => boolean): Behaviour {
  const answer = play.answer();
  return (request: Asked) => (refuses(request.json()) ? words(request) : answer(request));
}

const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" }, strict: true } };
const SCHEMA = { type: "object", properties: { q: { type: "string", pattern: "^a$" } }, additionalProperties: false };
const parts = (text: string) => [{ type: "text", text }];
const roles = ({ messages }: Sent) => (messages as { role: string }[]).map(({ role }) => role);
const contents = ({ messages }: Sent) => (messages as { content: unknown }[]).map(({ content }) => content);
const holds = (body: Sent, text: string): boolean => JSON.stringify(body).includes(text);

interface Complaint {
  readonly of: readonly [provider: string, name: string];
  readonly refuses: (body: Sent) => boolean;
  readonly asks: object;
  readonly takes: object;
  readonly adjusted: string;
  readonly remedy: RemedyName;
}

const COMPLAINTS: Readonly<Record<string, Complaint>> = {
  "content in parts": {
    of: ["deepseek", "content in parts"],
    refuses: (body) => contents(body).some(Array.isArray),
    asks: { messages: [{ role: "user", content: parts("hi") }] },
    takes: { messages: [{ role: "user", content: "hi" }] },
    adjusted: "messages.content",
    remedy: "string-content",
  },
  "the role developer": {
    of: ["others", "Volcengine Ark: a role that it does not know"],
    refuses: (body) => roles(body).includes("developer"),
    asks: {
      messages: [
        { role: "developer", content: "be kind" },
        { role: "user", content: "hi" },
      ],
    },
    takes: {
      messages: [
        { role: "system", content: "be kind" },
        { role: "user", content: "hi" },
      ],
    },
    adjusted: "messages.role",
    remedy: "system-role",
  },
  max_tokens: {
    of: ["openai", "max_tokens on a model that has another name for it"],
    refuses: (body) => "max_tokens" in body,
    asks: { max_tokens: 5 },
    takes: { max_completion_tokens: 5 },
    adjusted: "max_tokens",
    remedy: "max-completion-tokens",
  },
  max_completion_tokens: {
    of: ["vllm", "a name for the bound that it does not know"],
    refuses: (body) => "max_completion_tokens" in body,
    asks: { max_completion_tokens: 5 },
    takes: { max_tokens: 5 },
    adjusted: "max_completion_tokens",
    remedy: "max-tokens",
  },
  tools: {
    of: ["vllm", "a switch that is off"],
    refuses: (body) => "tools" in body,
    asks: { tools: [TOOL], tool_choice: "auto" },
    takes: {},
    adjusted: "tools, tool_choice",
    remedy: "no-tools",
  },
  "a level of reasoning that it does not have": {
    of: ["others", "Kimi, hosted: a level that it does not have"],
    refuses: (body) => body["reasoning_effort"] === "xhigh",
    asks: { reasoning_effort: "xhigh" },
    takes: { reasoning_effort: "high" },
    adjusted: "reasoning_effort",
    remedy: "lower-effort",
  },
  "any level of reasoning": {
    of: ["groq", "a level that it does not have"],
    refuses: (body) => "reasoning_effort" in body,
    asks: { reasoning_effort: "low" },
    takes: {},
    adjusted: "reasoning_effort",
    remedy: "no-effort",
  },
  parallel_tool_calls: {
    of: ["google", "parallel_tool_calls, in chat completions"],
    refuses: (body) => "parallel_tool_calls" in body,
    asks: { tools: [TOOL], tool_choice: "auto", parallel_tool_calls: false },
    takes: { tools: [TOOL], tool_choice: "auto" },
    adjusted: "parallel_tool_calls",
    remedy: "no-parallel-tool-calls",
  },
  "strict tools": {
    of: ["others", "Cerebras: strict tools"],
    refuses: (body) => holds(body, "strict"),
    asks: { tools: [TOOL], tool_choice: "auto" },
    takes: {
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
      tool_choice: "auto",
    },
    adjusted: "tools.strict",
    remedy: "no-strict",
  },
  "keywords of a tool's schema": {
    of: ["llama-cpp", "keywords of a schema"],
    refuses: (body) => holds(body, "pattern"),
    asks: { tools: [{ type: "function", function: { name: "f", parameters: SCHEMA } }], tool_choice: "auto" },
    takes: {
      tools: [
        {
          type: "function",
          function: { name: "f", parameters: { type: "object", properties: { q: { type: "string" } } } },
        },
      ],
      tool_choice: "auto",
    },
    adjusted: "tools.parameters",
    remedy: "plain-schema",
  },
  "a temperature": {
    of: ["others", "Moonshot: a temperature"],
    refuses: (body) => "temperature" in body,
    asks: { temperature: 0.3 },
    takes: {},
    adjusted: "temperature",
    remedy: "no-temperature",
  },
};

const HI = { messages: [{ role: "user", content: "hi" }] };
/** A model for every case, since what is learned is learned of a model. */
const CASES = Object.entries(COMPLAINTS).flatMap(([name, complaint], index) => [
  { ...complaint, name, stream: false, id: `${index}-whole` },
  { ...complaint, name, stream: true, id: `${index}-streamed` },
]);

let provider: Provider;
let edge: Edge;

beforeAll(async () => {
  provider = await startProvider();
  for (const { id, of, refuses } of CASES) provider.on(id, refusing(saidBy(...of), refuses));
  // Written, since on this machine the role is renamed unasked.
  const models = CASES.map(({ id }) => ({ id, compat: { supportsDeveloperRole: true } }));
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: { p: { baseUrl: provider.url, apiKey: "sk-upstream", models } } },
      agents: { list: CASES.map(({ id }) => ({ id, model: `p/${id}` })) },
      edge: { providers: { p: { dialects: ["openai-chat"] } } },
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

describe("a provider that refuses", () => {
  it.each(CASES)(
    "$name gets what it takes at the second attempt, and then at the first (streamed: $stream)",
    async (each) => {
      const { id, stream, asks, takes, refuses, adjusted, remedy } = each;
      const base = { ...HI, model: id, ...(stream && { stream, stream_options: { include_usage: true } }) };
      const ask = () =>
        edge.post("/v1/chat/completions", { model: `openclaw/${id}`, ...HI, ...asks, ...(stream && { stream }) });
      const first = await ask();
      expect(first.status, await first.text()).toBe(200);
      expect(first.headers.get("x-openclaw-attempts")).toBe("2");
      expect(first.headers.get("x-openclaw-adjusted")).toBe(adjusted);
      const second = await ask();
      expect(second.status, await second.text()).toBe(200);
      expect(second.headers.get("x-openclaw-attempts")).toBe("1");
      expect(second.headers.get("x-openclaw-adjusted")).toBe(adjusted);
      const sent = provider.requestsFor(id).map((request) => request.json());
      expect(sent.map(refuses)).toEqual([true, false, false]);
      expect(sent.slice(1)).toEqual([
        { ...base, ...takes },
        { ...base, ...takes },
      ]);
      const line = await edge.logged(
        ({ event, model }) => event === "remedy_learned" && model === id,
        "what was learned",
      );
      expect(line).toMatchObject({ level: "warn", provider: "p", remedy });
    },
  );
});

/** A gateway of its own in front of a provider that refuses `seed`, and `stream_options`. */
async function alone(
  compat: object,
  run: (edge: Edge, provider: Provider, config: object) => Promise<void>,
): Promise<void> {
  await using strict = await startProvider();
  const seeds = refusing(saidBy("google", "a penalty and a seed, in chat completions"), (body) => "seed" in body);
  const usage = refusing(saidBy("azure", "stream options"), (body) => "stream_options" in body);
  strict.on("m", (request) => ("seed" in request.json() ? seeds : usage)(request));
  const config = chainConfig({ a: strict.url }, { edge: { providers: { a: { dialects: ["openai-chat"] } }, compat } });
  const own = await startEdge({ config });
  try {
    await run(own, strict, config);
  } finally {
    await own.stop();
  }
}

const statusOf = async (response: Response): Promise<number> => {
  await response.text();
  return response.status;
};

describe("a gateway", () => {
  it("tells what it has learned: in explain, in the log with the line for the file, in the metrics", async () => {
    await alone({}, async (own, _strict, config) => {
      const explain = () =>
        runCommand(["explain", "openclaw", "--config", "{config}", "--port", new URL(own.url).port], { config });
      expect((await explain()).stdout).not.toContain("learned");
      expect(await statusOf(await own.post("/v1/chat/completions", { ...HI, seed: 7 }))).toBe(200);
      const line = await own.logged(({ event }) => event === "remedy_learned", "what was learned");
      expect(line).toMatchObject({ remedy: "no-seed", config: 'edge.compat.adjust["a/m"]: ["no-seed"]' });
      const { stdout } = await explain();
      expect(stdout).toContain(
        "  changes    spare-fields: leaves fields out (edge.compat.adjust, compat.supportsTemperature), learned\n",
      );
      expect(stdout).toContain('  learned    no-seed; permanent with edge.compat.adjust["a/m"]: ["no-seed"]\n');
      const metrics = await (await own.get("/api/diagnostics/prometheus")).text();
      expect(metrics).toContain('openclaw_edge_remedies_learned_total{provider="a",remedy="no-seed"} 1');
      expect(metrics).toContain('openclaw_edge_adjusted_total{provider="a",field="seed"} 1');
    });
  });

  it("heals what it adds itself: usage is not asked for where it is refused", async () => {
    await alone({}, async (own, strict) => {
      for (const attempts of ["2", "1"]) {
        const response = await own.post("/v1/chat/completions", { ...HI, stream: true });
        expect(await statusOf(response)).toBe(200);
        expect(response.headers.get("x-openclaw-attempts")).toBe(attempts);
        // The client did not write it: nothing of it was lost.
        expect(response.headers.get("x-openclaw-adjusted")).toBeNull();
      }
      expect(strict.requests.map((request) => "stream_options" in request.json())).toEqual([true, false, false]);
    });
  });

  it("heals requests of clients that speak another dialect, and keeps theirs", async () => {
    await alone({}, async (own, strict) => {
      for (const attempts of ["2", "1"]) {
        const response = await own.post("/v1/messages", { model: "openclaw", max_tokens: 5, ...HI, stream: true });
        expect(await response.text()).toContain("event: message_stop");
        expect(response.headers.get("x-openclaw-attempts")).toBe(attempts);
      }
      expect(strict.requests.map((request) => "stream_options" in request.json())).toEqual([true, false, false]);
    });
  });

  it("changes nothing and repeats nothing when it is told not to", async () => {
    await alone({ selfHeal: false }, async (own, strict) => {
      const response = await own.post("/v1/chat/completions", { ...HI, seed: 7 });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { message: expect.stringContaining('Unknown name "frequency_penalty"') },
      });
      expect(strict.requests).toHaveLength(1);
    });
  });

  it("needs no lesson where the file says it already", async () => {
    await alone({ adjust: { "a/m": ["no-seed"] } }, async (own, strict) => {
      const response = await own.post("/v1/chat/completions", { ...HI, seed: 7 });
      expect(await statusOf(response)).toBe(200);
      expect(response.headers.get("x-openclaw-adjusted")).toBe("seed");
      expect(strict.requests).toHaveLength(1);
    });
  });
});
