// Makes connections for undici: guarded, bounded in time, TLS always verified. The proxy variables of the environment
// mean nothing here (fault row X04); where a transport has a proxy, proxied-connector.ts goes through it.
import { buildConnector } from "undici";
import type { TransportTls } from "../core/snapshot.ts";
import { type EgressPolicy, guardedLookup, refusalOf } from "./guard.ts";
import { leanConnector } from "./lean-reads.ts";
import type { Resolve } from "./name-cache.ts";
import { watchEnd } from "./reuse.ts";

/** How to dial. */
export interface Dialling {
  readonly policy: EgressPolicy;
  /** From the first look-up to the end of the handshake, in milliseconds; seen by a coarse timer, up to a second late. */
  readonly connectTimeoutMs: number;
  readonly tls: TransportTls | null;
  readonly resolve: Resolve;
  /** Told when no connection to a host came about. */
  readonly onUnreached?: (hostname: string) => void;
}

/** TLS options as Node takes them; what the file leaves out stays Node's default. */
function tlsOptions(tls: TransportTls | null): Record<string, string> {
  const options: Record<string, string | null | undefined> = {
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key?.reveal(),
    passphrase: tls?.passphrase?.reveal(),
    servername: tls?.serverName,
  };
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Options of a TLS connection that is always verified. */
export function verifiedTls(tls: TransportTls | null) {
  // Said, not left to the default, which NODE_TLS_REJECT_UNAUTHORIZED could change.
  return { ...tlsOptions(tls), rejectUnauthorized: true, allowH2: false } as const;
}

/** A connector that dials only what the policy allows. Expected errors go to its callback, never thrown. */
export function guardedConnector(dialling: Dialling): buildConnector.connector {
  const { policy, connectTimeoutMs, tls, resolve, onUnreached } = dialling;
  const plain = { timeout: connectTimeoutMs, lookup: guardedLookup(resolve, policy) };
  const dialTls = buildConnector({ ...verifiedTls(tls), ...plain });
  const dialPlain = leanConnector(plain);
  return (options, callback) => {
    // Literals never reach `lookup`, so the host is judged here first.
    const refusal = refusalOf(options.hostname, policy);
    if (refusal !== null) {
      queueMicrotask(() => callback(refusal, null));
      return;
    }
    const dial = options.protocol === "https:" ? dialTls : dialPlain;
    dial(options, (error, socket) => {
      if (error !== null) {
        onUnreached?.(options.hostname);
        callback(error, null);
        return;
      }
      watchEnd(socket);
      callback(null, socket);
    });
  };
}
