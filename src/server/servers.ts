// Node's HTTP servers of one configuration: one per address, all strict, all bounded, all leading to the same door.
import { createServer, type Server, type ServerOptions } from "node:http";
import type { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureContextOptions } from "node:tls";
import type { GatewaySettings, Snapshot } from "../core/snapshot.ts";
import type { Door } from "./door.ts";
import { HEADERS_MAX } from "./head-check.ts";

/** Longer than the idle time of common balancers, so that they and not we end idle connections. */
const KEEP_ALIVE_MS = 65_000;
/**
 * What may wait for a client before its provider has to. Node's 64 KiB are some 300 events, each written in three parts: 90 KiB of memory beside
 * their own for a stream that is read slowly.
 */
const WAITING_BYTES = 16 * 1024;
/** How often Node looks for heads that are late. */
const CHECK_MS = 1_000;
/** Beyond the body clock, which ends slow bodies with an answer; this one only cuts. */
const BACKSTOP_MS = 5_000;

/** Why the door could not be opened. */
export interface ListenFault {
  readonly code: string;
  /** For the operator. */
  readonly message: string;
}

/** Where to listen; port 0 lets the system choose. */
export interface ListenAt {
  readonly host: string;
  readonly port: number;
}

/** What a door needs to open: one port on some addresses, and a certificate for https. */
export type Place = Pick<GatewaySettings, "port" | "hosts" | "tls">;

/** True for a fault. */
export function isListenFault(value: unknown): value is ListenFault {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** A server that leads to the door and does not listen yet, or why its certificate cannot be used. */
export function createDoorServer(door: Door, snapshot: Snapshot, tls: Place["tls"]): Server | ListenFault {
  const server = strictServer(snapshot, tls);
  if (isListenFault(server)) return server;
  server.maxHeadersCount = HEADERS_MAX + 1;
  for (const event of ["request", "checkContinue", "checkExpectation"] as const) server.on(event, door.onRequest);
  server.on("clientError", door.onClientError);
  server.on("connect", door.onConnect);
  return server;
}

function strictServer({ gateway, limits }: Snapshot, tls: Place["tls"]): Server | ListenFault {
  const options: ServerOptions = {
    insecureHTTPParser: false,
    // The door says it with an envelope.
    requireHostHeader: false,
    maxHeaderSize: limits.headerBytes,
    ...clocksOf(gateway),
    connectionsCheckingInterval: Math.min(CHECK_MS, gateway.headMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    highWaterMark: WAITING_BYTES,
  };
  if (tls === null) return createServer(options);
  // Without a certificate that our authority signed the handshake fails: nobody gets as far as a request.
  const asksClients = { requestCert: tls.clientCa !== null, rejectUnauthorized: true };
  try {
    return tlsServerMaker()({
      ...options,
      ...secureContextOf(tls),
      ...asksClients,
      handshakeTimeout: gateway.headMs,
    });
  } catch (error) {
    return tlsFault(error);
  }
}

/** Times that Node watches over. */
function clocksOf({ headMs, bodyMs }: GatewaySettings): { headersTimeout: number; requestTimeout: number } {
  return { headersTimeout: headMs, requestTimeout: headMs + bodyMs + BACKSTOP_MS };
}

function secureContextOf({ cert, key, clientCa }: NonNullable<Place["tls"]>): SecureContextOptions {
  return { cert, key: key.reveal(), minVersion: "TLSv1.2", ...(clientCa === null ? {} : { ca: clientCa }) };
}

function tlsFault(error: unknown): ListenFault {
  return { code: codeOf(error), message: `the TLS certificate or key cannot be used (${codeOf(error)})` };
}

/** Gives a listening server other times and another certificate; connections that are there keep theirs. */
export function refreshServer(server: Server, snapshot: Snapshot, tls: Place["tls"]): ListenFault | null {
  Object.assign(server, clocksOf(snapshot.gateway));
  if (tls === null || !isTlsServer(server)) return null;
  try {
    server.setSecureContext(secureContextOf(tls));
    return null;
  } catch (error) {
    return tlsFault(error);
  }
}

/** Starts to listen; resolves with the port, or with the fault. */
export function bind(server: Server, at: ListenAt): Promise<number | ListenFault> {
  return new Promise((resolve) => {
    // Stays: afterwards it hears connections that could not be accepted, which must not end the process.
    server.on("error", (error) => resolve(bindFault(error, at)));
    server.listen({ ...at, ipv6Only: at.host.includes(":") }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function bindFault(error: Error, at: ListenAt): ListenFault {
  const code = codeOf(error);
  const why = code === "EADDRINUSE" ? "another gateway instance is already listening" : `cannot listen (${code})`;
  return { code, message: `${why} on ${authorityOf(at)}` };
}

/** Host and port as URLs write them. */
export function authorityOf({ host, port }: ListenAt): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Looked up when there is a certificate: TLS takes 7 MiB and 14 ms of the processor to load (measured). */
function tlsServerMaker(): typeof createTlsServer {
  return process.getBuiltinModule("node:https").createServer;
}

function isTlsServer(server: Server): server is TlsServer {
  return "setSecureContext" in server;
}
