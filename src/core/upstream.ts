// How the corridor talks to a provider: HTTP in upstream/, the built-in mock in mock/.
import type { Failure } from "./failure.ts";
import type { TraceContext } from "./ids.ts";
import type { Credential, Target } from "./snapshot.ts";

/** Response headers, lower-case names. */
export type HeaderBag = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Members of a list that a header of the credential's may hold already. */
export interface AddedHeader {
  /** Lower-case. */
  readonly name: string;
  readonly values: readonly string[];
}

/** One request to one provider. */
export interface UpstreamRequest {
  readonly target: Target;
  readonly credential: Credential;
  /** Goes along as `traceparent`; null where nobody follows the trace. */
  readonly trace: TraceContext | null;
  /** Path and query. */
  readonly path: string;
  readonly body: Buffer;
  readonly stream: boolean;
  /** Null or absent: the headers are the credential's. */
  readonly added?: AddedHeader | null;
}

/** Hears what happens to a request. Calls are synchronous and in order; exactly one of `onEnd` and `onFail`; nothing after `abort()`. */
export interface Receiver {
  /** A connection is there and the request is being written. */
  onOpen(): void;
  onHead(status: number, headers: HeaderBag): void;
  /** May still come after `pause()`: what the socket had buffered. */
  onChunk(chunk: Buffer): void;
  onEnd(): void;
  onFail(failure: Failure): void;
}

/** A request under way. */
export interface Exchange {
  pause(): void;
  resume(): void;
  /** Lets the provider go at once, in every phase; the receiver hears nothing more. */
  abort(): void;
}

/** Sends requests. */
export interface UpstreamClient {
  send(request: UpstreamRequest, receiver: Receiver): Exchange;
}

/** The first value of a header, or null. */
export function headerOf(headers: HeaderBag, name: string): string | null {
  const value = headers[name];
  if (value === undefined) return null;
  return typeof value === "string" ? value : (value[0] ?? null);
}
