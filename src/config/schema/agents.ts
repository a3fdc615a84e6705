// `agents`: what `openclaw/<agentId>` resolves to. Of an agent a proxy needs its models; the rest is OpenClaw's.
import { z } from "../zod.ts";
import { AGENT_KEYS, DEFAULTS_KEYS, MODEL_ENTRY_KEYS, OTHER_MODEL_KEYS } from "./agents-foreign.ts";
import { count, ignored, ignoredKeys, params, text } from "./fields.ts";
import { memorySearch } from "./memory.ts";

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
  ...ignoredKeys(MODEL_ENTRY_KEYS, "OpenClaw's agent runtime."),
});

const modelPolicy = z.strictObject({
  allow: z
    .array(z.string())
    .optional()
    .describe("`provider/model`, an alias, or everything below a name: `provider/*`. Empty: anything may be selected."),
});

const thinking = z.enum(["off", "minimal", "low", "medium", "high", "xhigh", "adaptive", "max", "ultra"]);
const thinkingText = "Reasoning level for requests that state none.";
const contextText = "Lowers the usable context of every model, in tokens.";

const defaults = z.strictObject({
  model: modelChoice.optional().describe("The chain of every agent that has none of its own."),
  imageModel: modelChoice.optional().describe("The chain for requests with images, when the primary takes only text."),
  models: z
    .record(text, modelEntry)
    .default({})
    .describe(
      "Known models by `provider/model`, with aliases. In a file without `modelPolicy` that OpenClaw has not migrated: when not empty, only these and the chains may be selected.",
    ),
  modelPolicy: modelPolicy.optional().describe("Which models a request may select."),
  params: params.optional().describe("Parameters for all requests."),
  contextTokens: count.optional().describe(contextText),
  timeoutSeconds: count
    .default(172_800)
    .describe("Bound for one request, in seconds; see `edge.timeouts.deadlineSeconds`."),
  thinkingDefault: thinking.optional().describe(thinkingText),
  memorySearch: memorySearch.optional().describe("Where `/v1/embeddings` goes; newer files write `memory.search`."),
  systemAgent: z
    .strictObject({
      agentId: text.optional().describe("Answers to `openclaw` and `openclaw/default` where several agents could."),
    })
    .optional()
    .describe("The agent of whoever names none."),
  ...ignoredKeys(OTHER_MODEL_KEYS, "A model for a task that a proxy does not do."),
  ...ignoredKeys(DEFAULTS_KEYS, "A setting of the agent runtime; a proxy runs no agent."),
});

const agentFields = {
  default: z.boolean().optional().describe("Answers to `openclaw` and `openclaw/default`."),
  name: text.optional().describe("Name for people."),
  model: modelChoice
    .optional()
    .describe("A text or a `primary` alone means no failover; `fallbacks` alone keeps the common primary."),
  params: params.optional().describe("Parameters for all requests of this agent."),
  contextTokens: count.optional().describe(contextText),
  thinkingDefault: thinking.optional().describe(thinkingText),
  models: z
    .record(text, modelEntry)
    .optional()
    .describe("Parameters by `provider/model` for requests of this agent, over those of `agents.defaults.models`."),
  modelPolicy: modelPolicy
    .optional()
    .describe("Which models a request to this agent may select, in place of the common rule."),
  memorySearch: memorySearch
    .optional()
    .describe("Where `/v1/embeddings` of this agent goes; newer files write `memory.search`."),
  memory: z
    .strictObject({ search: memorySearch.optional().describe("Where `/v1/embeddings` of this agent goes.") })
    .optional()
    .describe("The memory of this agent; a proxy only forwards embeddings."),
  ...ignoredKeys(AGENT_KEYS, "A setting of the agent runtime; a proxy runs no agent."),
};

const listed = z.strictObject({ id: text.describe("Asked for as `openclaw/<id>`."), ...agentFields });
const keyed = z.strictObject(agentFields);
const agentKey = z
  .string()
  .regex(/^[a-z0-9_][a-z0-9_-]{0,63}$/i, "must be an agent's id: up to 64 letters, digits, `_` and `-`");

/** `agents`. */
export const agents = z
  .strictObject({
    ownership: z
      .literal("explicit")
      .optional()
      .describe("No agent answers for another: `openclaw` and `openclaw/default` need `agents.defaults.systemAgent`."),
    defaults: defaults.prefault({}).describe("What holds for every agent."),
    entries: z
      .record(agentKey, keyed)
      .optional()
      .describe("The agents by id, each asked for as `openclaw/<id>`. None: one agent, `main`, with the defaults."),
    list: z.array(listed).optional().describe("The agents as files up to 2026.5 write them; not beside `entries`."),
  })
  .superRefine(({ entries, list }, context) => {
    if (entries === undefined || list === undefined) return;
    const message = "stands beside agents.entries: agents are written in one of the two ways";
    context.addIssue({ code: "custom", path: ["list"], message });
  });

/** One agent of either notation with defaults applied, without its id. */
export type AgentConfig = z.output<typeof keyed>;
/** `modelPolicy` with defaults applied. */
export type ModelPolicyConfig = z.output<typeof modelPolicy>;
/** `agents.defaults` with defaults applied. */
export type AgentDefaultsConfig = z.output<typeof defaults>;
