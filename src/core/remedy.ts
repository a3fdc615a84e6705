// TABLE: what a request can be changed by for a target that refuses its shape. The classifier names a remedy, policy repeats with it, health
// remembers it, transforms obey it as if its flags were written. It changes the request only, never the answer.
import type { Need } from "./names.ts";
import type { Compat } from "./snapshot.ts";

/** Fields that a request can do without: what they leave is a default, not another kind of answer. */
export const SPARE_FIELDS = {
  "no-parallel-tool-calls": "parallel_tool_calls",
  "no-tool-choice": "tool_choice",
  "no-metadata": "metadata",
  "no-service-tier": "service_tier",
  "no-user": "user",
  "no-safety-identifier": "safety_identifier",
  "no-verbosity": "verbosity",
  "no-reasoning": "reasoning",
  "no-seed": "seed",
  "no-logit-bias": "logit_bias",
  "no-temperature": "temperature",
  "no-top-p": "top_p",
  "no-top-k": "top_k",
  "no-min-p": "min_p",
  "no-frequency-penalty": "frequency_penalty",
  "no-presence-penalty": "presence_penalty",
  "no-repetition-penalty": "repetition_penalty",
} as const;

/** The name of a remedy. */
export type RemedyName =
  | "string-content"
  | "system-role"
  | "max-tokens"
  | "max-completion-tokens"
  | "no-tools"
  | "no-strict"
  | "plain-schema"
  | "lower-effort"
  | "no-effort"
  | "no-stream-options"
  | "no-store"
  | "no-prompt-cache-key"
  | keyof typeof SPARE_FIELDS;

/** One remedy. */
export interface Remedy {
  /** The flags that say the same; they are added to the written ones. */
  readonly flags: Compat;
  /** True when OpenClaw's own `compat` has these flags, so that the line for its file can be told. */
  readonly isOpenClaw: boolean;
  /** The need that it leaves unmet: a candidate that meets it goes first (decision 12). */
  readonly takes: Need | null;
  /** A request with this need is not changed: only a flag in the file may take that (decision 12). */
  readonly spares: Need | null;
}

/** Keywords without which a schema still says what is called how, and what is optional. Servers differ in all of them. */
const SPARE_KEYWORDS = [
  ["$schema", "$id", "$comment", "additionalProperties", "unevaluatedProperties", "propertyNames", "patternProperties"],
  ["default", "examples", "title", "format", "pattern", "const", "not", "if", "then", "else", "contains"],
  ["minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minContains", "maxContains"],
  ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minProperties", "maxProperties"],
  ["dependentRequired", "dependentSchemas", "contentEncoding", "contentMediaType", "readOnly", "writeOnly"],
].flat();

const own = { isOpenClaw: true, takes: null, spares: null } as const;

function withoutField(field: string): Remedy {
  return { ...own, isOpenClaw: false, flags: { dropFields: [field] } };
}

/** The remedies that leave out one field. */
const SPARED = Object.fromEntries(
  Object.entries(SPARE_FIELDS).map(([name, field]) => [name, withoutField(field)]),
) as Record<keyof typeof SPARE_FIELDS, Remedy>;

/** All remedies. */
export const REMEDIES: Readonly<Record<RemedyName, Remedy>> = {
  "string-content": { ...own, flags: { requiresStringContent: true } },
  "system-role": { ...own, flags: { supportsDeveloperRole: false } },
  "max-tokens": { ...own, flags: { maxTokensField: "max_tokens" } },
  "max-completion-tokens": { ...own, flags: { maxTokensField: "max_completion_tokens" } },
  "no-tools": { ...own, flags: { supportsTools: false }, takes: "tools", spares: "forced-tool" },
  "no-strict": { ...own, flags: { supportsStrictMode: false } },
  "plain-schema": { ...own, flags: { unsupportedToolSchemaKeywords: SPARE_KEYWORDS } },
  "lower-effort": { ...own, flags: { supportedReasoningEfforts: ["low", "medium", "high"] } },
  "no-effort": { ...own, flags: { supportsReasoningEffort: false } },
  "no-stream-options": { ...own, flags: { supportsUsageInStreaming: false } },
  "no-store": { ...own, flags: { supportsStore: false } },
  "no-prompt-cache-key": { ...own, flags: { supportsPromptCacheKey: false } },
  ...SPARED,
  "no-tool-choice": { ...SPARED["no-tool-choice"], spares: "forced-tool" },
};

/** No remedies: shared, so that it can be told apart at a glance. */
export const NO_REMEDIES: readonly RemedyName[] = [];

/** True for the name of a remedy. */
export function isRemedyName(text: string): text is RemedyName {
  return Object.hasOwn(REMEDIES, text);
}

/** What was learned of one target, for people. */
export interface LearnedRemedies {
  readonly provider: string;
  /** Target id. */
  readonly target: string;
  readonly remedies: readonly RemedyName[];
}
