// Tells a kept-alive connection that died in its idle time from a fresh one that was cut: only the former makes a repeat
// free of doubt (fault row U70). Nothing here runs while connections live.
import type { Socket } from "node:net";

/** How the other side ends a connection: reset, write after a reset, FIN (undici's own error). */
const CODES = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "UND_ERR_SOCKET"]);
/** Errors that ended sockets which had carried an answer before. */
const endsOfReused = new WeakSet<Error>();

/** Watches a new socket. Comes before undici's listener, which hands the same error object to the request under way. */
export function watchEnd(socket: Socket): void {
  // A tunnel has carried the proxy's answer before it carries the first of ours.
  const before = socket.bytesRead;
  socket.prependListener("error", (error: NodeJS.ErrnoException) => {
    // Bytes of plain text, also for TLS: a handshake alone counts for nothing.
    if (socket.bytesRead > before && CODES.has(error.code ?? "")) endsOfReused.add(error);
  });
}

/** True when this error is the other side's ending of a connection that had answered before. */
export function endedReused(error: Error): boolean {
  return endsOfReused.has(error);
}
