// Preloaded into the peer gateway, which listens on all interfaces and has no option for it: here it listens on loopback only.
import { Server } from "node:net";

type Listen = (...args: unknown[]) => Server;

const listen = Server.prototype.listen as Listen;

Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
  const [port, host, ...rest] = args;
  if (typeof port !== "number" || typeof host === "string") return listen.apply(this, args);
  return listen.apply(this, [port, "127.0.0.1", ...[host, ...rest].filter((value) => value !== undefined)]);
} as typeof Server.prototype.listen;
