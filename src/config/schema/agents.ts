// `agents`: what `openclaw/<agentId>` resolves to. Of an agent a proxy needs its models; the rest is OpenClaw's.
import { z } from "../zod.ts";
import { AGENT_KEYS, DEFAULTS_KEYS, MEMORY_KEYS, OTHER_MODEL_KEYS } from "./agents-foreign.ts";
import { count, ignored, ignoredKeys, params, text } from "./fields.ts";
import { plainHeaders, secretInput } from "./secret-ref.ts";

const modelChoice = z.union([
  text,
  z.strictObject({
    primary: text.optional().describe("`provider/model`, an alias, or a model id that only one provider has."),
    fallbacks: z.array(text).optional().describe("Tried in this order when the primary fails. `[]`: no failover."),
    timeoutMs: count.optional().describe("Bound for requests to these models, in milliseconds."),
  }),
]);

/** `model` of an agent, as written. */
export type ModelChoice = z.output<typeof modelChoice>;

const modelEntry = z.strictObject({
  alias: text.optional().describe("Short name that may be used wherever a model is named."),
  params: params.optional().describe("Parameters for requests to this model."),
  streaming: ignored("Whether OpenClaw streams this model; here the client decides."),
  agentRuntime: ignored("OpenClaw's agent runtime."),
});

const memorySearch = z.strictObject({
  provider: text.optional().describe("Provider of embeddings."),
  model: text.optional().describe("Embedding model."),
  outputDimensionality: count.optional().describe("Size of the vectors, for requests that state no `dimensions`."),
  inputType: text
    .optional()
    .describe("What texts are embedded for (`query`, `document`, …), for requests that state no `input_type`."),
  remote: z
    .strictObject({
      baseUrl: text.optional().describe("API root of the embeddings server."),
      apiKey: secretInput.optional().describe("Its key."),
      headers: plainHeaders.optional().describe("Its static headers."),
      ...ignoredKeys(["batch", "nonBatchConcurrency"], "How OpenClaw's memory index is filled."),
    })
    .optional()
    .describe("An embeddings server that is not among `models.providers`."),
  ...ignoredKeys(MEMORY_KEYS, "OpenClaw's memory index; a proxy only forwards `/v1/embeddings`."),
});

const thinking = z.enum(["off", "minimal", "low", "medium", "high", "xhigh", "adaptive", "max"]);
const thinkingText = "Reasoning level for requests that state none.";
const contextText = "Lowers the usable context of every model, in tokens.";

const defaults = z.strictObject({
  model: modelChoice.optional().describe("The chain of every agent that has none of its own."),
  imageModel: modelChoice.optional().describe("The chain for requests with images, when the primary takes only text."),
  models: z
    .record(text, modelEntry)
    .default({})
    .describe(
      "Known models by `provider/model`, with aliases. When not empty, only these and the chains may be selected.",
    ),
  params: params.optional().describe("Parameters for all requests."),
  contextTokens: count.optional().describe(contextText),
  timeoutSeconds: count
    .default(172_800)
    .describe("Bound for one request, in seconds; see `edge.timeouts.deadlineSeconds`."),
  thinkingDefault: thinking.optional().describe(thinkingText),
  memorySearch: memorySearch.optional().describe("Where `/v1/embeddings` goes."),
  ...ignoredKeys(OTHER_MODEL_KEYS, "A model for a task that a proxy does not do."),
  ...ignoredKeys(DEFAULTS_KEYS, "A setting of the agent runtime; a proxy runs no agent."),
});

const agent = z.strictObject({
  id: text.describe("Asked for as `openclaw/<id>`."),
  default: z.boolean().optional().describe("Answers to `openclaw` and `openclaw/default`."),
  name: text.optional().describe("Name for people."),
  model: modelChoice
    .optional()
    .describe("A text or a `primary` alone means no failover; `fallbacks` alone keeps the common primary."),
  params: params.optional().describe("Parameters for all requests of this agent."),
  contextTokens: count.optional().describe(contextText),
  thinkingDefault: thinking.optional().describe(thinkingText),
  memorySearch: memorySearch.optional().describe("Where `/v1/embeddings` of this agent goes."),
  ...ignoredKeys(AGENT_KEYS, "A setting of the agent runtime; a proxy runs no agent."),
});

/** `agents`. */
export const agents = z.strictObject({
  defaults: defaults.prefault({}).describe("What holds for every agent."),
  list: z.array(agent).default([]).describe("The agents. None: one agent, `main`, with the defaults."),
});

/** One agent with defaults applied. */
export type AgentConfig = z.output<typeof agent>;
/** `agents.defaults` with defaults applied. */
export type AgentDefaultsConfig = z.output<typeof defaults>;
