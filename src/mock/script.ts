// Scripts that are no answer of a model: error answers, foreign pages, dead connections.
import { type Failure, failure } from "../core/failure.ts";
import type { Beat } from "./beat.ts";
import { type Fault, faultBody } from "./fault.ts";

/** What a provider does to one request; read step by step, so that it may be long. */
export type Script = Iterable<Beat>;

/** A response as it is given at one instant. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** An error answer; with `retry-after` where the fault states a wait. */
export function faultScript(fault: Fault, requestId: string, atMs: number): Script {
  const wait = fault.retryAfterSeconds === null ? {} : { "retry-after": String(fault.retryAfterSeconds) };
  const headers = { "content-type": "application/json", "x-request-id": requestId, ...wait };
  return rawScript({ status: fault.status, headers, text: JSON.stringify(faultBody(fault)) }, atMs);
}

/** Head, bytes if any, end. */
export function rawScript({ status, headers, text }: RawAnswer, atMs: number): Script {
  const chunk: readonly Beat[] = text === "" ? [] : [{ does: "chunk", atMs, text }];
  return [{ does: "head", atMs, status, headers }, ...chunk, { does: "end", atMs }];
}

/** A connection that dies before a byte of the answer. */
export function resetScript(atMs: number): Script {
  return [{ does: "fail", atMs, failure: resetFailure("headers") }];
}

/** A connection that takes the request and never says a word. */
export function hangScript(): Script {
  return [];
}

/** What a receiver hears of a connection that dies; `phase` says whether the head had come. */
export function resetFailure(phase: "headers" | "stream"): Failure {
  return failure("stream-broken", "The connection to the provider broke.", { phase, detail: "mock: reset" });
}
