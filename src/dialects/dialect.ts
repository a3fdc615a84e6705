// What a dialect is: an ingress half (the client's side) and an egress half (the provider's side). Either may be missing.
import type { Body, Edits } from "../core/body.ts";
import type { BodyFacts } from "../core/facts.ts";
import type { Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import type { Pipe, Told, Usage } from "../core/lane.ts";
import type { DialectName, Need } from "../core/names.ts";
import type { Target } from "../core/snapshot.ts";
import type { HeaderBag } from "../core/upstream.ts";
import type { AnswerRepairs, RepairContext } from "./repair.ts";
import type { AnswerBody } from "./answer-body.ts";
import type { BlockKind, ChatEvent, ChatRequest, Effort } from "./vocabulary.ts";

/** One event of an event stream, decoded. */
export interface WireEvent {
  readonly event: string | undefined;
  readonly data: string;
  /** It came without the framing of events: JSON between them. */
  readonly bare?: true;
}

/** A synchronous step machine: no promises, no timers, no I/O. Everything that rewrites a stream is one. */
export interface Translator<In, Out> {
  /** Tokens as the provider has counted them so far; absent where it counts at the end of an answer only. */
  readonly usage?: Usage | null;
  push(input: In): readonly Out[];
  end(): readonly Out[];
}

/** Writes one streamed answer; `fail` needs the encoder's state, so it lives here. */
export interface StreamEncoder {
  push(event: ChatEvent): string;
  fail(failure: Failure): string;
}

/** What encoders of an answer need to know of the request. */
export interface AnswerContext {
  readonly requestId: string;
  /** The model string that the answer names. */
  readonly model: string;
  /** Unix seconds. */
  readonly created: number;
  readonly wantsUsage: boolean;
  /** The client's request, whose settings and tools some answers repeat; null when it is broken, absent where nobody kept it. */
  readonly request?: JsonObject | null;
  /** Provider id of the answer's author, for what only that author understands; null for the mock. */
  readonly provider?: string;
}

/** A request in the common words, and what its dialect said that they cannot hold. */
export interface DecodedRequest {
  readonly request: ChatRequest;
  /** Names of fields that were left behind. */
  readonly lost: readonly string[];
}

/** A request in a provider's words, and what they could not hold. */
export interface EncodedRequest {
  readonly tree: JsonObject;
  readonly lost: readonly string[];
}

/** What encoding a request needs to know. */
export interface EncodeContext {
  readonly target: Target;
  readonly stream: boolean;
}

/** What decoding an answer needs to know. */
export interface DecodeContext {
  /** Unix seconds, for answers that state no time. */
  readonly created: number;
}

/** What relaying a stream needs to know. */
export interface RelayContext {
  /** For the words of a failure, where the dialect names the request in them. */
  readonly requestId?: string;
  /** False: the unasked usage chunk is removed. */
  readonly wantsUsage: boolean;
  /** Bound of one event in bytes. */
  readonly eventBytesMax: number;
  /** Takes secrets out of words that a provider wrote. */
  readonly redact: (text: string) => string;
}

/** The client's side of a wire format. */
export interface Ingress {
  /** Reads the facts and checks the shape that decision 6 names; everything deeper is the provider's to judge. */
  readFacts(body: Body): BodyFacts | Failure;
  /** What the request needs from a model (decision 12); found by needles in the bytes, not by parsing them. */
  readNeeds(body: Body): ReadonlySet<Need>;
  /** The request in the common words, for a provider that speaks another dialect. Everything that decision 6 left unjudged is judged here. */
  readonly decodeRequest?: (tree: JsonObject) => DecodedRequest | Failure;
  /** Absent where the dialect has no streamed form. */
  readonly encodeStream?: (context: AnswerContext) => StreamEncoder;
  /** Absent where answers are not made of chat events. A failure where the dialect cannot tell this one without making it another one. */
  readonly encodeAnswer?: (events: readonly ChatEvent[], context: AnswerContext) => JsonObject | Failure;
  /** Blocks that this dialect's answers have no place for; absent where there are none. */
  readonly unsayable?: ReadonlySet<BlockKind>;
  /** The error envelope; it names the request where the dialect has a place for that. */
  encodeFailure(failure: Failure, requestId?: string): JsonObject;
}

/** What a whole answer holds, checked. */
export interface Checked {
  readonly usage: Usage | null;
  readonly finish: string | null;
  /** The answer's id, as the provider wrote it. */
  readonly id: string | null;
  /** The model that the answer names. */
  readonly model: string | null;
  /** A plain stop with no text, reasoning, tool call or refusal and no completion tokens (decision 13). */
  readonly empty: boolean;
  /** The answer as it was scanned, where checking did not parse it: it need not be scanned again. */
  readonly scanned?: Body;
}

/** Top-level changes to a request for one target, and what they dropped or renamed. */
export interface Fitted {
  readonly edits: Edits;
  readonly adjusted: readonly string[];
}

/** A whole answer in the form that the client asked for, and what had to be mended for that. */
export interface FittedAnswer {
  readonly bytes: Buffer;
  readonly repairs: readonly string[];
}

/** What an answer that is translated as it stands needs to know of the request. */
export interface DirectContext {
  /** The client's request. */
  readonly asked: Body;
  /** The model string that the answer names. */
  readonly model: string;
}

/** Translation between two wire formats whose answers are no chat events: vectors, token counts. */
export interface DirectTranslation {
  /** The client's request in the provider's words. */
  encodeRequest(asked: JsonObject, target: Target): EncodedRequest | Failure;
  /** An answer that `checkAnswer` has passed, in the client's words. */
  decodeAnswer(answer: JsonObject, context: DirectContext): JsonObject | Failure;
}

/** What an event of a stream says before the commit; `whole`: it is no event but the answer itself, as it is without a stream. */
export type Look = "hold" | "commit" | "empty-end" | "whole" | Failure;

/** An answer in the place of a stream's events, and what comes behind it. */
export interface WholeEvent {
  /** The answer with all that was added, as JSON. */
  readonly text: string;
  /** True for an answer that needs no terminator: it says itself that it is all. */
  readonly isEnded: boolean;
  /** Adds what this event, which is JSON, says; false where something of it would be lost. Takes no longer for a long answer. */
  add(more: string): boolean;
}

/** Judges one event of a stream before the commit; `raw` is the event as the provider wrote it, null for one that is made up. */
export type EventLook = (event: WireEvent, raw: Buffer | null) => Look;

/** What fitting a client's own body needs to know. */
export interface FitContext {
  readonly target: Target;
  readonly stream: boolean;
  /** How much a model shall think that is asked for nothing of the kind, where this dialect fills that in by itself; null: as it likes. */
  readonly effort: Effort | null;
}

/** The provider's side of a wire format. */
export interface Egress {
  /** The edits that make a client's body of the same dialect one for this target. */
  fitBody(body: Body, context: FitContext): Fitted;
  /** True where a level of the file may be added to a request that says nothing of thinking. Absent where a transform adds it. */
  readonly mayAddThinking?: (request: ChatRequest, target: Target) => boolean;
  /**
   * Makes the judge of the events of a stream that is not committed yet; stateful, one per response. What the answer calls itself is
   * noted there. Absent without a streamed form.
   */
  readonly look?: (of: Told) => (event: WireEvent) => Look;
  /** Opens an answer that came whole in the place of a stream for the events behind it. Absent: only such may come as say nothing. */
  readonly openWhole?: (answer: string) => WholeEvent;
  /** The request of a client that speaks another dialect, for this target. */
  readonly encodeRequest?: (request: ChatRequest, context: EncodeContext) => EncodedRequest | Failure;
  /** Reads a stream event by event. After the terminal event it gives nothing more; `end` says how the input ended, complete or not. */
  readonly decodeStream?: (context: DecodeContext) => Translator<WireEvent, ChatEvent>;
  /** Reads a whole answer that `checkAnswer` has passed. */
  readonly decodeAnswer?: (tree: JsonObject, context: DecodeContext) => readonly ChatEvent[];
  /** Opens the repairs of one answer; null when there is nothing to mend for this request. Absent where nothing is known to be mended. */
  readonly repairs?: (context: RepairContext) => AnswerRepairs | null;
  /** The path for a streamed or whole answer, where they differ (Google). */
  readonly pathFor?: (path: string, stream: boolean) => string;
  /** How streams are framed; server-sent events unless said otherwise (Ollama: one JSON object per line). */
  readonly framing?: "sse" | "lines";
  /** Checks a whole 2xx answer. */
  checkAnswer(answer: AnswerBody): Checked | Failure;
  /** The header by which clients of the same dialect ask for features, and how its names are read. */
  readonly features?: { readonly header: string; readonly namesIn: (written: string | null) => readonly string[] };
  /** Makes a checked answer to a client of the same dialect the one that was asked for; null or absent where it is that already. */
  readonly fitAnswer?: (checked: Checked, request: Body) => FittedAnswer | Failure | null;
  /** Present where answers are no chat events, and clients speak another dialect. */
  readonly direct?: DirectTranslation;
  /** What an error response means. `now` is wall time in milliseconds. */
  classify(status: number, headers: HeaderBag, body: Buffer, now: number): Failure;
}

/** A wire format. */
export interface Dialect {
  readonly name: DialectName;
  readonly ingress?: Ingress;
  readonly egress?: Egress;
  /** Relays a stream between a client and a provider that both speak it. */
  readonly relay?: (context: RelayContext) => Pipe;
}
