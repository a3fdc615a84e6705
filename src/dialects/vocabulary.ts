// The words between dialects: what a request asks and what an answer consists of, whoever wrote them. Mock and translations speak it;
// what is relayed never becomes it.
import type { Failure } from "../core/failure.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Usage } from "../core/lane.ts";
import type { DialectName } from "../core/names.ts";

/** Where words that only their author understands come from: a signature, an encrypted thought, an item id. */
export interface Origin {
  readonly dialect: DialectName;
  /** Provider id; null when the client did not say and it may be anybody's. */
  readonly provider: string | null;
}

/** Bytes that a part holds or points to. */
export type Source =
  | { readonly from: "data"; readonly mediaType: string; readonly base64: string }
  | { readonly from: "url"; readonly url: string }
  /** A file that the provider stores. */
  | { readonly from: "id"; readonly id: string };

/** One piece of a turn. */
export type Part =
  | {
      readonly type: "text";
      readonly text: string;
      /** Anthropic's `cache_control`, as written. */
      readonly cache?: JsonObject;
    }
  | { readonly type: "image"; readonly source: Source; readonly detail?: string; readonly cache?: JsonObject }
  | { readonly type: "file"; readonly source: Source; readonly name?: string; readonly cache?: JsonObject }
  | { readonly type: "audio"; readonly format: string; readonly base64: string }
  | { readonly type: "refusal"; readonly text: string }
  | ReasoningPart
  | ToolCallPart;

/** A thought of an earlier answer. Of another author only its text can be kept. */
export interface ReasoningPart {
  readonly type: "reasoning";
  /** Empty when only the sealed form is there. */
  readonly text: string;
  /** The author's proof of the text. */
  readonly signature?: string;
  /** The thought itself, sealed. */
  readonly sealed?: string;
  /** The item's id, where the author knows it by one. */
  readonly id?: string;
  readonly origin: Origin;
}

/** A tool call of an earlier answer. */
export interface ToolCallPart {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly args: string;
  /** Proof that its author wants back (Gemini's thought signature). */
  readonly signature?: string;
  readonly origin?: Origin;
}

/** One turn of the conversation, in order. `system` may stand anywhere; `developer` tells which word the client used. */
export type Turn =
  | { readonly role: "system"; readonly developer: boolean; readonly parts: readonly Part[] }
  | { readonly role: "user"; readonly name?: string; readonly parts: readonly Part[] }
  | { readonly role: "assistant"; readonly name?: string; readonly parts: readonly Part[] }
  | {
      readonly role: "tool";
      readonly callId: string;
      /** The function's name, where the client says it; encoders that need it look it up by `callId`. */
      readonly name?: string;
      readonly failed: boolean;
      readonly parts: readonly Part[];
    };

/** A function that the model may call. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON schema; absent for a function without parameters. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
  readonly cache?: JsonObject;
}

/** Which tool must be used. */
export type ToolChoice =
  | { readonly use: "auto" | "none" | "required" }
  | { readonly use: "tool"; readonly name: string };

/** How much a model shall think; the union of all vendors' words. */
export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What is asked of the model's thinking. */
export interface Thinking {
  readonly effort?: Effort;
  /** Bound in tokens (Anthropic, Gemini 2.5). */
  readonly budget?: number;
  /** `auto`, `concise`, `detailed`: a readable summary is wanted. */
  readonly summary?: string;
}

/** The form of the answer. */
export type AnswerFormat =
  | { readonly type: "text" }
  | { readonly type: "json" }
  | {
      readonly type: "schema";
      readonly name: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
      readonly description?: string;
    };

/** A request in words that all dialects share. What is absent was not asked for, and nobody adds it. */
export interface ChatRequest {
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly outputMax?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly stop?: readonly string[];
  /** Number of answers. */
  readonly n?: number;
  /** Log probabilities, with so many alternatives. */
  readonly logprobs?: { readonly top: number };
  readonly thinking?: Thinking;
  readonly format?: AnswerFormat;
  readonly verbosity?: string;
  readonly serviceTier?: string;
  readonly user?: string;
  readonly promptCacheKey?: string;
  readonly metadata?: JsonObject;
  /** Top-level fields without a word here, as the client wrote them: an encoder of the same family may know them. */
  readonly others: ReadonlyMap<string, Json>;
}

/** Why an answer ended. */
export type Finish = "stop" | "length" | "tool-calls" | "content-filter";

/** What a block of an answer holds. The text of an image is its URL, mostly a `data:` one, in one delta. */
export type BlockKind = "text" | "reasoning" | "tool-call" | "refusal" | "image";

/** Parts of an answer that no block holds; `words` came for a block that had ended. */
export type LostPart = "audio" | "file" | "code" | "words";

/** What an author wants back with its call. */
export interface CallProof {
  readonly signature: string;
  readonly origin: DialectName;
}

/** One step of an answer. Blocks are numbered from 0 in order of their start; every block that starts ends. */
export type ChatEvent =
  | {
      readonly type: "answer-start";
      /** What the provider calls the answer, and the model that it names; null where it says neither. */
      readonly id: string | null;
      readonly model: string | null;
      /** Unix seconds. */ readonly created: number;
    }
  | {
      readonly type: "block-start";
      readonly block: number;
      readonly kind: BlockKind;
      /** For tool calls: the call id and the function's name. */
      readonly id?: string;
      readonly name?: string;
      /** The proof of a call that is known already; it is noted all the same, but some clients look for it beside the name only. */
      readonly proof?: CallProof;
    }
  | { readonly type: "block-delta"; readonly block: number; readonly text: string }
  | {
      readonly type: "block-note";
      readonly block: number;
      readonly note: {
        readonly signature?: string;
        readonly encrypted?: string;
        readonly annotation?: JsonObject;
        readonly logprobs?: JsonObject;
        readonly origin: DialectName;
      };
    }
  | { readonly type: "block-end"; readonly block: number }
  /** Something that was said and cannot be said on. */
  | { readonly type: "part-lost"; readonly what: LostPart }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "answer-end"; readonly finish: Finish }
  | { readonly type: "failure"; readonly failure: Failure };
