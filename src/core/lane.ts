// What is done to a response's bytes, before the commit (Gate) and after it (Pipe). Synchronous step machines: no timers, no I/O.
import type { Failure } from "./failure.ts";
import type { HeaderBag } from "./upstream.ts";

/** Tokens as a provider counted them; an absent figure is unknown, never 0. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly reasoning?: number;
  /** The tier that the provider says it served in, where tiers differ in price (OpenAI). */
  readonly serviceTier?: ServiceTier;
}

/** Service tiers that cost more or less than the listed price. */
export type ServiceTier = "flex" | "priority";

/** Text that looks like a tool call. */
export interface LookAlike {
  readonly pattern: "json_tool_call" | "xml_tool_call" | "bracketed_tool_call" | "react_action";
  readonly toolName: string | null;
  /** True when the request offers a tool of that name. */
  readonly registeredTool: boolean;
}

/** What a gate or pipe has learnt; written by it, read by everyone else. */
export interface Told {
  /** Events with content so far; the idle clock and the status page read it. */
  progress: number;
  usage: Usage | null;
  finish: string | null;
  /** What the answer calls itself, as the provider wrote it. */
  id: string | null;
  /** The model that the answer names: a snapshot or another name of the one that was asked for, or another one. */
  model: string | null;
  /** The terminal event has been seen: the answer is complete. */
  ended: boolean;
  /** Alterations made to the stream (decision 9), by name. */
  repairs: string[] | null;
  /** What the text looks like, though the answer holds no call (OpenClaw §5.5); known at its end. */
  lookAlike?: LookAlike;
  /** A failure that the provider reported inside the stream after the commit; already said to the client. */
  failure: Failure | null;
}

/** A fresh Told. */
export function told(): Told {
  return { progress: 0, usage: null, finish: null, id: null, model: null, ended: false, repairs: null, failure: null };
}

/** Notes a repair; names are few and fixed. */
export function noteRepair(of: Told, repair: string): void {
  of.repairs ??= [];
  if (!of.repairs.includes(repair)) of.repairs.push(repair);
}

/** What events are known by that differ in their texts only: the same object for all of them. */
export type EventKind = object;

/** Response bytes after the commit. `null` means nothing to send yet. */
export interface Pipe {
  readonly told: Told;
  /** True when whole events only have been handed on: the place for a keep-alive comment. */
  readonly betweenEvents: boolean;
  /** `kind`: of all events of the chunk, which are whole then; null, or left out, where nobody knows. */
  push(chunk: Buffer, kind?: EventKind | null): Uint8Array | null;
  /** The provider has ended; last bytes, or a failure when the answer is not complete. */
  end(): Uint8Array | Failure | null;
  /** The words of this failure in the client's dialect, ending the stream without its success terminator. */
  fail(failure: Failure): Uint8Array;
}

/** A response that may be shown: what to send first, and the pipe for the rest (null for a whole answer). */
export interface Reply {
  readonly contentType: string;
  readonly first: Uint8Array;
  readonly pipe: Pipe | null;
  readonly told: Told;
}

/** `null` means: go on reading. */
export type Verdict = Reply | Failure | null;

/** Judges a response before it may be shown. */
export interface Gate {
  readonly told: Told;
  /** How long the body is worth waiting for, in milliseconds, where that is less than the attempt's own clock; else null. */
  readonly bodyMsMax: number | null;
  push(chunk: Buffer): Verdict;
  end(): Reply | Failure;
  /** What it comes to when the body breaks or stays away. */
  broken(because: Failure): Failure;
}

/** Chooses the gate once status and headers are known. */
export type OpenGate = (status: number, headers: HeaderBag) => Gate;

/** True when a verdict is a reply. */
export function isReply(verdict: Reply | Failure): verdict is Reply {
  return "told" in verdict;
}
