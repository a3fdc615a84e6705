// One request at the door, from its head to its answer. Also what hono's handlers see as their environment.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Failure } from "../core/failure.ts";
import { requestIdOf, type TraceContext } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { openaiErrorBody } from "../dialects/openai-error.ts";
import { type Ask, gateOf, type Knock } from "./gate.ts";
import type { Lobby } from "./lobby.ts";
import { traceOf } from "./trace-context.ts";

/** The label of a request that belongs to no endpoint. */
export const OTHER_ENDPOINT = "other";

/** Draws a failure in the words of an endpoint's clients. */
export type EncodeFailure = (because: Failure, requestId: string) => JsonObject;

/** Node's pair of messages with what the door knows of them. Keeps the snapshot that it began with. */
export class Visit implements Knock {
  readonly lobby: Lobby;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly snapshot: Snapshot;
  readonly trace: TraceContext;
  readonly requestId: string;
  /** Monotonic milliseconds: head read. */
  readonly startedAt: number;
  /** The raw request target up to its query. Never made from `Host`, never decoded. */
  readonly path: string;
  /** Route template, for events. */
  endpoint = OTHER_ENDPOINT;
  takesApiKey = false;
  encodeFailure: EncodeFailure = openaiErrorBody;
  /** Another header field for the request's id; null: none. */
  requestIdField: string | null = null;
  /** Largest body that its endpoint takes; 0 until it is a model call. */
  bodyBytesMax = 0;
  /** Bytes of the body that were read. */
  requestBytes = 0;

  constructor(lobby: Lobby, incoming: IncomingMessage, outgoing: ServerResponse) {
    this.lobby = lobby;
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.snapshot = lobby.parts.holder.current;
    this.trace = traceOf(this);
    this.requestId = requestIdOf(this.trace);
    this.startedAt = lobby.parts.clock.now();
    this.path = pathOf(incoming.url ?? "");
  }

  get headers(): IncomingHttpHeaders {
    return this.incoming.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.incoming.rawHeaders;
  }

  get method(): string {
    return this.incoming.method ?? "";
  }

  get peer(): string {
    return this.incoming.socket.remoteAddress ?? "";
  }

  get local(): string {
    return this.incoming.socket.localAddress ?? "";
  }

  /** The caller before the demands of its configuration. */
  ask(): Ask {
    const { lobby, snapshot, startedAt } = this;
    return { knock: this, gate: gateOf(snapshot.gateway), limiter: lobby.limiter, now: startedAt };
  }
}

function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}
