// What a row of the fault matrix is: what the provider does, a request, and what the client must see. Data; the runner plays it.
import type { FailureKind } from "../../src/core/failure.ts";
import type { Behaviour } from "../support/behaviours.ts";
import type { ProviderRequest } from "../support/provider-request.ts";
import type { Bench, Surroundings } from "./bench.ts";
import type { LetterRow } from "./letter.ts";

/** How the client asks. */
export type Shape = "stream" | "whole";

/** Which API it asks. */
export type Api = "chat" | "responses";

/** What the client must see. */
export type Expectation =
  /** FO: the next candidate answers, as if nothing had happened. */
  | { readonly see: "next" }
  /** The provider's own answer, whole and complete. */
  | { readonly see: "answer"; readonly text?: string; readonly finish?: string; readonly usageChunks?: number }
  /** E(status, code): the error envelope. */
  | { readonly see: "error"; readonly status: number; readonly code: string | null }
  /** MID: the delivered prefix to the letter, one error event, no success terminator. */
  | { readonly see: "broken"; readonly code: string | null; readonly text: string };

/** What came of one request. */
export interface Outcome {
  readonly shape: Shape;
  readonly status: number;
  readonly headers: Headers;
  /** The response's head as it was on the wire. */
  readonly head: string;
  readonly text: string;
  /** False when the connection ended inside the body. */
  readonly complete: boolean;
  readonly ms: number;
  /** Requests that the failing provider got for this row and shape. */
  readonly requests: readonly ProviderRequest[];
}

/** Demands on a row's answer and on what is written about it. */
export interface Demands {
  /** Attempts at the failing provider, when it is not 1. */
  readonly attempts?: number;
  /** What the log calls the failing attempt. */
  readonly kind?: FailureKind;
  /** By header: lowest and highest number, the text, or null for a header that must not be there. */
  readonly headers?: Readonly<Record<string, readonly [number, number] | string | null>>;
  /** Texts that must stand in the answer. */
  readonly contains?: readonly string[];
  /** Texts that must not. */
  readonly lacks?: readonly string[];
  /** A text that must stand in the log line of the request. */
  readonly logs?: string;
  /** The provider is let go: its connection ends before it has answered. */
  readonly letsGo?: true;
  /** Tokens that the metrics book for the failing provider, input and output. */
  readonly tokens?: number;
  /** Milliseconds in which it should be over; reported, and failed at 20 times. */
  readonly withinMs?: number;
}

/** A row that is one request. */
export interface RequestRow extends Demands {
  readonly id: string;
  /** What the provider does, as a sentence. */
  readonly says: string;
  readonly shapes: readonly Shape[];
  /** Default `chat`. */
  readonly api?: Api;
  /** What the provider does, as a maker of its script (script-of.ts); null when nobody is to be reached at all: then `url` says where. */
  readonly provider: Behaviour | null;
  readonly url?: (around: Surroundings) => string;
  readonly expect: Expectation;
  /** True: no other candidate behind the failing one. */
  readonly alone?: true;
  /** Added to the failing provider's entry. */
  readonly entry?: object;
  /** Merged into the request's body. */
  readonly body?: object;
  /** True: needs a connection, though its steps do not: what is decoded, limited or mended on the way from the socket. */
  readonly wire?: true;
  readonly slow?: true;
}

/** A row that is more than one request: it plays itself and gives a sentence per demand that is not met. */
export interface FlowRow {
  readonly id: string;
  readonly says: string;
  /** What must be true in the end, as a sentence. */
  readonly wants: string;
  /** Names of the providers that it plays with; each gets an entry, a scripted model and an agent of that name. */
  readonly actors: readonly string[];
  /** Where the actors are, when it is not at the scripted provider. */
  readonly url?: (around: Surroundings) => string;
  /** Added to the entry of each actor. */
  readonly entry?: object;
  /** Added to `edge.providers.<actor>`. */
  readonly extras?: object;
  /** Further agents by name, or other chains for those of the actors: names of providers, or `provider/model`. */
  readonly agents?: Readonly<Record<string, readonly string[]>>;
  /** A fragment of the configuration that a process of its own gets. */
  readonly config?: object;
  readonly play: (bench: Bench) => Promise<readonly string[] | Measured>;
  readonly slow?: true;
  /** Measures memory or time: runs when nothing else does. */
  readonly quiet?: true;
  /** Needs nothing of the bench but its providers: runs beside others of its kind. */
  readonly apart?: true;
  /** Why no other gateway can be asked this. */
  readonly onlyHere?: string;
}

/** What a flow found, with the figure that it measured. */
export interface Measured {
  readonly seen: string;
  readonly problems: readonly string[];
}

/** Any row. */
export type Row = RequestRow | FlowRow | LetterRow;

export const BOTH: readonly Shape[] = ["stream", "whole"];
export const STREAM: readonly Shape[] = ["stream"];
export const WHOLE: readonly Shape[] = ["whole"];

export const NEXT = { see: "next" } as const satisfies Expectation;
export const ANSWER = { see: "answer" } as const satisfies Expectation;

/** E(status, code). */
export function error(status: number, code: string | null): Expectation {
  return { see: "error", status, code };
}

/** MID, with the code of the error event and what was said before it: most providers here break behind their second word. */
export function broken(code: string | null, text = "Grüße from "): Expectation {
  return { see: "broken", code, text };
}

/** True for a row that plays itself. */
export function isFlow(row: Row): row is FlowRow {
  return "play" in row;
}

/** True for a row that is one request. */
export function isRequest(row: Row): row is RequestRow {
  return "shapes" in row;
}

/** True for a row of bytes. */
export function isLetter(row: Row): row is LetterRow {
  return "sends" in row;
}

/** The name of the provider, model and agent of a row in one shape. */
export function actorOf(row: RequestRow, shape: Shape): string {
  return `${row.id.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${shape}`;
}
