// `models.providers.<id>.models[]`: one model of a provider. Metadata has no defaults: what nobody states is unknown (decision 11 d).
import { z } from "../zod.ts";
import { compat } from "./compat.ts";
import { count, countOrZero, ignored, params, text } from "./fields.ts";
import { plainHeaders } from "./secret-ref.ts";

/** Wire formats as OpenClaw names them, and `mock`, which needs no server. */
export const apiKind = z.enum([
  "openai-completions",
  "openai-responses",
  "openai-codex-responses",
  "openai-chatgpt-responses",
  "anthropic-messages",
  "google-generative-ai",
  "google-vertex",
  "github-copilot",
  "bedrock-converse-stream",
  "ollama",
  "azure-openai-responses",
  "pi-messages",
  "mock",
]);

/** A wire format as OpenClaw names it. */
export type ApiKind = z.output<typeof apiKind>;

const price = z.number().nonnegative().default(0);
const tier = z.looseObject({
  input: price.describe("USD per million input tokens in this tier."),
  output: price.describe("USD per million output tokens in this tier."),
  cacheRead: price.describe("USD per million tokens read from the cache in this tier."),
  cacheWrite: price.describe("USD per million tokens written to the cache in this tier."),
  range: z
    .union([z.tuple([countOrZero]), z.tuple([countOrZero, z.number().positive()])])
    .optional()
    .describe("Input sizes that the tier is for, in tokens: `[from, below]`, or `[from]` without an upper end."),
});

const cost = z.strictObject({
  input: price.describe("USD per million input tokens."),
  output: price.describe("USD per million output tokens."),
  cacheRead: price.describe("USD per million tokens read from the provider's cache."),
  cacheWrite: price.describe("USD per million tokens written to the provider's cache."),
  tieredPricing: z.array(tier).optional().describe("Other prices for long prompts."),
});

const word = z.string().min(1).nullable().optional();
/** The levels that a file may map. */
const thinkingLevelMap = z.strictObject({
  off: word.describe("For no reasoning."),
  minimal: word.describe("For `minimal`."),
  low: word.describe("For `low`."),
  medium: word.describe("For `medium`."),
  high: word.describe("For `high`."),
  xhigh: word.describe("For `xhigh`."),
  max: word.describe("For `max`."),
});

/** One model of a provider. */
export const modelObject = z.strictObject({
  id: text.describe("The model's id as the provider knows it, without the provider's name in front."),
  name: text.optional().describe("Name for people; the id when absent."),
  api: apiKind.optional().describe("Wire format, when it differs from the provider's."),
  baseUrl: text.optional().describe("API root, when it differs from the provider's."),
  reasoning: z.boolean().optional().describe("The model reasons before it answers."),
  input: z
    .array(z.enum(["text", "image", "video", "audio"]))
    .min(1)
    .optional()
    .describe('What it takes. A written `["text"]` keeps images away from it.'),
  cost: cost.optional().describe("Prices, for the cost metric."),
  contextWindow: z.number().positive().optional().describe("Size of the context in tokens."),
  contextTokens: count.optional().describe("Part of the context that may be used, in tokens."),
  maxTokens: z.number().positive().optional().describe("Most tokens that an answer can have."),
  params: params.optional().describe("Parameters for requests to this model; for `mock`, how it behaves."),
  headers: plainHeaders.optional().describe("Static headers for this model; plain text only."),
  compat: compat.optional().describe("Deviations of this model from its wire format."),
  thinkingLevelMap: thinkingLevelMap
    .optional()
    .describe("Reasoning level to the provider's word for it; null: the model does not have it, and gets the nearest."),
  mediaInput: ignored("How OpenClaw shrinks images; a proxy forwards what the client wrote."),
  agentRuntime: ignored("OpenClaw's agent runtime."),
  metadataSource: z.literal("models-add").optional().describe("Written by OpenClaw's `models add`."),
});
