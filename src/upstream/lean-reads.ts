// How plain connections read. Node makes room of 64 KiB for each read of each connection, cuts small ones out of blocks of 64 KiB, and a
// stream that its client takes slowly keeps three of either: 500 of them took 265 MiB, and take 121 (soak L7). All connections share one room
// here, and what was read is copied out of it at its own size. TLS reads records of 16 KiB at most, each into memory of its own.
import type { OnReadOpts, Socket } from "node:net";
import { buildConnector } from "undici";

/** Most that one read takes. A flood takes four reads in the place of one, which nobody can measure; answers and events are smaller. */
const READ_BYTES = 16 * 1024;
/** What may wait unread before the kernel has to keep the rest. A whole read is more: one waits at most, beside the one being read. */
const WAITING_BYTES = READ_BYTES / 2;
/** Smaller copies share a block of Node's; larger ones would hold on to it for too long. */
const SHARED_BYTES_MAX = 4 * 1024;
/** One is enough: nothing else runs between a read and its copy, except on Windows, where reads are given their room beforehand. */
const ROOM = process.platform === "win32" ? null : Buffer.allocUnsafeSlow(READ_BYTES);

/** A connector for plain connections; `options` are undici's own. Errors go to its callback. */
export function leanConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const room = ROOM;
  if (room === null) return buildConnector(options);
  return (to, callback) => {
    let socket: Socket | null = null;
    const onread: OnReadOpts = {
      buffer: room,
      // Before it is connected, a socket reads nothing.
      callback: (length) => socket?.push(copied(room, length)) ?? true,
    };
    const lean = { onread, highWaterMark: WAITING_BYTES };
    buildConnector({ ...options, ...lean })(to, (error, connected) => {
      socket = connected;
      if (error === null) callback(null, connected);
      else callback(error, null);
    });
  };
}

function copied(room: Buffer, length: number): Buffer {
  const copy = length < SHARED_BYTES_MAX ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length);
  room.copy(copy, 0, 0, length);
  return copy;
}
