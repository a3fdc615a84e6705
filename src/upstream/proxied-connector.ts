// Makes connections for undici through an egress proxy: a tunnel by CONNECT (RFC 9110 §9.3.6), and in it the same verified TLS as on a
// direct connection. The proxy resolves the provider's name; what can be judged of it here is judged, and the proxy's own address fully.
import { isIPv6, type Socket } from "node:net";
import { buildConnector, Client, type Dispatcher } from "undici";
import type { TransportProxy } from "../core/snapshot.ts";
import { type Dialling, guardedConnector, verifiedTls } from "./connector.ts";
import { type EgressPolicy, EgressRefusal, hostKind, refusalOf } from "./guard.ts";
import { watchEnd } from "./reuse.ts";

/** Why there is no tunnel; its code is a row in network-errors.ts. */
export class ProxyFault extends Error {
  readonly code: "ERR_PROXY_REFUSED" | "ERR_PROXY_TIMEOUT" | "ERR_PROXY_UNREACHED";

  constructor(code: ProxyFault["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProxyFault";
    this.code = code;
  }
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** Hears of a connection, or why there is none. */
type Opened = (error: Error | null, socket: Socket | null) => void;

/** A connector that reaches what the policy allows, through the proxy. Expected errors go to its callback, never thrown. */
export function proxiedConnector(dialling: Dialling, proxy: TransportProxy): buildConnector.connector {
  const { policy, connectTimeoutMs, tls } = dialling;
  const secure = buildConnector({ ...verifiedTls(tls), timeout: connectTimeoutMs });
  return (options, callback) => {
    const { hostname, protocol } = options;
    // Undici's type of the callback has one shape for each outcome; ours are the same two.
    const done = watching(callback as Opened);
    const refusal = refusalThrough(hostname, policy);
    if (refusal !== null) {
      queueMicrotask(() => done(refusal, null));
      return;
    }
    const port = Number(options.port) || DEFAULT_PORTS[protocol] || 0;
    openTunnel({ authority: authorityOf(hostname, port), proxy, dialling }, (error, socket) => {
      if (socket === null) done(error, null);
      else if (protocol === "https:") secure({ ...options, httpSocket: socket }, done);
      else done(null, socket);
    });
  };
}

function watching(callback: Opened): Opened {
  return (error, socket) => {
    // Undici leaves the socket out where there is an error.
    if (error === null && socket !== null) watchEnd(socket);
    callback(error, error === null ? socket : null);
  };
}

/** A name that nobody here resolves counts as public: without TLS only what may also be private goes out. */
function refusalThrough(host: string, policy: EgressPolicy): EgressRefusal | null {
  const refusal = refusalOf(host, policy);
  if (refusal !== null || hostKind(host) !== null) return refusal;
  return policy.public || policy.private ? null : new EgressRefusal("public");
}

function authorityOf(hostname: string, port: number): string {
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
}

/** The proxy's own policy: its address may be public without TLS, since what goes through it has its own. */
function policyOfProxy({ allow }: TransportProxy): EgressPolicy {
  return { public: true, loopback: allow.loopback, private: allow.privateNetwork, metadata: false, reserved: false };
}

/** Where to, through what. */
interface Way {
  readonly authority: string;
  readonly proxy: TransportProxy;
  readonly dialling: Dialling;
}

/** Opens a connection to the other end; errors are `ProxyFault`s or the guard's refusal. */
function openTunnel({ authority, proxy, dialling }: Way, opened: Opened): void {
  const { connectTimeoutMs, resolve, onUnreached } = dialling;
  const dial = { policy: policyOfProxy(proxy), connectTimeoutMs, tls: proxy.tls, resolve };
  const client = new Client(proxy.origin, {
    connect: guardedConnector(onUnreached === undefined ? dial : { ...dial, onUnreached }),
    headersTimeout: connectTimeoutMs,
    useMilo: false,
  });
  const authorization = proxy.authorization === null ? {} : { "proxy-authorization": proxy.authorization.reveal() };
  client.connect({ path: authority, headers: { host: authority, ...authorization } }, (error, answer) => {
    const outcome = error === null ? established(answer) : faultOf(error);
    if (outcome instanceof Error) opened(outcome, null);
    else opened(null, outcome);
    // The tunnel is no longer the client's; what else it has may go.
    void client.destroy();
  });
}

function established({ statusCode, socket }: Dispatcher.ConnectData): Socket | ProxyFault {
  if (statusCode >= 200 && statusCode < 300) return socket as Socket;
  socket.on("error", () => undefined);
  socket.destroy();
  return new ProxyFault("ERR_PROXY_REFUSED", `the proxy answered ${statusCode}`);
}

function faultOf(error: Error): Error {
  if (error instanceof EgressRefusal) return error;
  const code = "code" in error ? String(error.code) : "";
  const isLate = code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_CONNECT_TIMEOUT" || code === "ETIMEDOUT";
  if (isLate) return new ProxyFault("ERR_PROXY_TIMEOUT", "the proxy did not answer in time", { cause: error });
  return new ProxyFault("ERR_PROXY_UNREACHED", `no tunnel through the proxy (${code})`, { cause: error });
}
