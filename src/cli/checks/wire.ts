// One connection to one origin, looked at step by step: name, TCP, TLS, and the first head that comes back. Sends no key.
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Transport } from "../../core/snapshot.ts";

/** What a connection showed. */
export interface Wire {
  readonly origin: string;
  readonly addresses: number;
  readonly connectMs: number;
  /** `TLSv1.3`; null without TLS. */
  readonly tls: string | null;
  /** Days until the certificate ends; null without TLS. */
  readonly daysLeft: number | null;
  /** Unix milliseconds by the other side's clock; null when it tells none. */
  readonly date: number | null;
}

/** How far it came. */
export interface Broken {
  readonly origin: string;
  readonly step: "name" | "connection" | "TLS";
  readonly problem: string;
}

/** How to dial. */
export interface Dial {
  readonly origin: string;
  readonly tls: Transport["tls"];
  readonly timeoutMs: number;
}

const DAY_MS = 86_400_000;
const HEAD_BYTES_MAX = 16_384;

/** Looks; never rejects. */
export async function lookAt({ origin, tls, timeoutMs }: Dial): Promise<Wire | Broken> {
  const url = new URL(origin);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const broken = (step: Broken["step"], error: unknown): Broken => ({
    origin,
    step,
    problem: problemOf(error, timeoutMs),
  });
  const signal = AbortSignal.timeout(timeoutMs);
  const addresses = await within(signal, lookup(hostname, { all: true })).catch((error: unknown) =>
    broken("name", error),
  );
  if ("step" in addresses) return addresses;
  const isSecure = url.protocol === "https:";
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const startedAt = performance.now();
  const plain = connect({ host: hostname, port });
  try {
    await once(plain, "connect", { signal });
  } catch (error) {
    plain.destroy();
    return broken("connection", error);
  }
  const connectMs = Math.round(performance.now() - startedAt);
  const shown = { origin, addresses: addresses.length, connectMs };
  if (!isSecure) return { ...shown, tls: null, daysLeft: null, date: await dateOf(plain, url.host, signal) };
  const servername = tls?.serverName ?? hostname;
  const secure = connectTls({
    socket: plain,
    servername,
    ALPNProtocols: ["http/1.1"],
    ...(typeof tls?.ca === "string" && { ca: tls.ca }),
  });
  try {
    await once(secure, "secureConnect", { signal });
  } catch (error) {
    secure.destroy();
    return broken("TLS", error);
  }
  const daysLeft = Math.floor((Date.parse(secure.getPeerCertificate().valid_to) - Date.now()) / DAY_MS);
  return { ...shown, tls: secure.getProtocol(), daysLeft, date: await dateOf(secure, url.host, signal) };
}

/** The `Date` of whatever is answered to a request for nothing. */
async function dateOf(socket: Socket | TLSSocket, host: string, signal: AbortSignal): Promise<number | null> {
  socket.on("error", () => socket.destroy());
  socket.setEncoding("latin1");
  socket.write(`HEAD / HTTP/1.1\r\nhost: ${host}\r\nuser-agent: openclaw-edge-doctor\r\nconnection: close\r\n\r\n`);
  let head = "";
  try {
    while (!head.includes("\r\n\r\n") && head.length < HEAD_BYTES_MAX) {
      const [chunk] = (await once(socket, "data", { signal })) as [string];
      head += chunk;
    }
  } catch {
    // A server that answers nothing to this tells no time; the connection is what was asked about.
  }
  socket.destroy();
  const date = Date.parse(/^date:\s*(.+)$/im.exec(head)?.[1] ?? "");
  return Number.isNaN(date) ? null : date;
}

async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  return Promise.race([work, promise]);
}

function problemOf(error: unknown, timeoutMs: number): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError") return `nothing within ${timeoutMs} ms`;
  return code ?? message;
}
