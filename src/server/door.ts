// The door: every request of every listener comes through here. Wires lobby and app to Node's server events.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { failure } from "../core/failure.ts";
import { createApp } from "./app.ts";
import { ADMIN_ENDPOINTS, ENDPOINTS, type Endpoint } from "./endpoints.ts";
import { headFault } from "./head-check.ts";
import { type DoorParts, Lobby } from "./lobby.ts";
import { refuse } from "./refuse.ts";
import { parserFailure, refuseSocket } from "./refuse-socket.ts";
import { Visit } from "./visit.ts";
import { WaitingLines } from "./waiting-line.ts";

/** What a listener needs of the door: one method per event of Node's server. */
export interface Door {
  readonly lobby: Lobby;
  onRequest(incoming: IncomingMessage, outgoing: ServerResponse): void;
  /** The parser gave up on a connection, or its time is over. */
  onClientError(error: Error, socket: Duplex): void;
  /** Somebody asks for a tunnel. */
  onConnect(incoming: IncomingMessage, socket: Duplex): void;
}

/**
 * What hono is asked. The path is the visit's and every route takes all methods, so there is nothing to say: a `Request` for each visit,
 * with a `Response` to wait for, would cost 4 us (hono's adapter for Node).
 */
const ANY_REQUEST = { method: "GET" } as Request;

/** Makes the door for clients. */
export function createDoor(parts: DoorParts): Door {
  return doorTo(ENDPOINTS, new Lobby(parts));
}

/** Makes the door for probes and scrapers beside another one: same process, same lobby, nothing to be asked of models. */
export function createAdminDoor({ lobby }: Door): Door {
  return doorTo(ADMIN_ENDPOINTS, lobby);
}

function doorTo(endpoints: readonly Endpoint[], lobby: Lobby): Door {
  const app = createApp(endpoints);
  const lines = new WaitingLines(lobby);
  /** It is this request's turn. */
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Our half is ended: nothing behind an answer that closes its connection is served (RFC 9112 §9.6).
    if (!incoming.socket.writable) return;
    const fault = headFault(incoming);
    const visit = new Visit(lobby, incoming, outgoing);
    if (fault === null) void app.fetch(ANY_REQUEST, visit);
    else refuse(visit, fault, { close: true });
  };
  return {
    lobby,
    onRequest(incoming, outgoing) {
      if (outgoing.socket === null) lines.add({ incoming, outgoing }, () => serve(incoming, outgoing));
      else serve(incoming, outgoing);
    },
    onClientError: (error, socket) => onClientError(lobby, error, socket),
    onConnect(_incoming, socket) {
      // Node hands the socket over without its own listeners.
      socket.on("error", () => socket.destroy());
      // A tunnel asked for behind a request: what we say would be read as the answer to that one.
      if (answering(socket) !== null) socket.destroy();
      else refuseSocket(lobby, socket, failure("method-not-allowed", "Method Not Allowed", { phase: "request" }));
    },
  };
}

function onClientError(lobby: Lobby, error: Error, socket: Duplex): void {
  if (!socket.writable) return;
  const current = answering(socket);
  if (current === null) refuseSocket(lobby, socket, parserFailure(error));
  else if (current.headersSent) socket.destroy();
  // Node tells the server, not the message, when a body's framing is broken; whoever reads the body must know.
  else if (current.req.listenerCount("error") > 0) current.req.emit("error", error);
  else socket.destroy();
}

/** The answer that a connection is busy with. Node keeps it there, and its own handler of such errors asks for it there. */
function answering(socket: Duplex): ServerResponse | null {
  return (socket as Duplex & { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? null;
}
