// `models`: the providers and what they serve.
import { z } from "../zod.ts";
import { count, ignored, ignoredKeys, params, text } from "./fields.ts";
import { apiKind, modelObject } from "./model-object.ts";
import { requestTransport } from "./request-transport.ts";
import { secretHeaders, secretInputs } from "./secret-ref.ts";

const provider = z.strictObject({
  baseUrl: text
    .optional()
    .describe(
      "API root, such as `https://api.openai.com/v1`. Built-in providers and `mock` need none; query parameters are kept.",
    ),
  apiKey: secretInputs
    .optional()
    .describe(
      "Key as text, `${VAR}`, SecretRef, or a list of these. Wins over the provider's usual environment variable.",
    ),
  auth: z
    .enum(["api-key", "aws-sdk", "oauth", "token"])
    .optional()
    .describe("How OpenClaw logs in to this provider; we use keys."),
  api: apiKind.optional().describe("Wire format. Default: the built-in provider's, else `openai-completions`."),
  contextWindow: z.number().positive().optional().describe("Context size of models that state none, in tokens."),
  contextTokens: count.optional().describe("Usable context of models that state none, in tokens."),
  maxTokens: z.number().positive().optional().describe("Longest answer of models that state none, in tokens."),
  timeoutSeconds: count
    .optional()
    .describe("Seconds to wait for this provider: to commit, for a whole answer, between events."),
  injectNumCtxForOpenAICompat: z
    .boolean()
    .optional()
    .describe("Ollama behind `openai-completions`: send `options.num_ctx`."),
  params: params.optional().describe("Parameters for all requests to this provider."),
  headers: secretHeaders.optional().describe("Static headers for all requests to this provider."),
  authHeader: z.boolean().default(false).describe("Send the key as `Authorization: Bearer` as well."),
  request: requestTransport.optional().describe("How requests to this provider travel."),
  region: ignored("For clouds that OpenClaw logs in to; here the address says it."),
  localService: ignored("A server that OpenClaw starts; here it has to run."),
  agentRuntime: ignored("OpenClaw's agent runtime."),
  models: z
    .array(modelObject)
    .default([])
    .describe("Models of this provider. Empty: any model id may be named, and nothing is known of it."),
});

/** A provider with defaults applied. */
export type ProviderConfig = z.output<typeof provider>;

/** `models`. */
export const models = z.strictObject({
  mode: z
    .enum(["merge", "replace"])
    .default("merge")
    .describe("`merge`: built-in providers stay usable next to those below. `replace`: only those below exist."),
  providers: z.record(text, provider).default({}).describe("Providers by id."),
  ...ignoredKeys(["pricing", "catalogRefresh"], "Background fetch of price tables; prices come from `cost` here."),
  bedrockDiscovery: ignored("Discovery of Bedrock models."),
});
