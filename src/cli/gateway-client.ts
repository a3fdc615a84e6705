// Talks to a running gateway as a client on this machine would: one request, one whole answer, with the config's own credential.
import { once } from "node:events";
import { type IncomingMessage, request, type RequestOptions } from "node:http";
import { request as requestOverTls } from "node:https";
import { text } from "node:stream/consumers";
import type { ConnectionOptions } from "node:tls";
import { type Json, type JsonObject, parseJson } from "../core/json.ts";
import { bearer } from "./bearer.ts";
import { EXIT } from "./command.ts";
import type { GatewayPlace } from "./gateway-place.ts";

/** One question. */
export interface GatewayQuestion {
  readonly path: string;
  /** A POST with this body; absent: a GET. */
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** An answer, whatever its status. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  /** Undefined when it is no JSON. */
  readonly body: Json | undefined;
  readonly latencyMs: number;
}

/** No answer: nobody listens, not in time, or only to those who show a certificate. */
export interface Unreached {
  readonly problem: string;
  readonly exit: typeof EXIT.unreachable | typeof EXIT.timeout | typeof EXIT.refused;
}

/** How TLS 1.3 and 1.2 refuse a client without a certificate. */
const CERTIFICATE_ASKED = /ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)$/;

/** True when nobody answered. */
export function isUnreached(answer: GatewayAnswer | Unreached): answer is Unreached {
  return "problem" in answer;
}

/** Asks; never rejects for what the other side does. */
export async function askGateway(place: GatewayPlace, question: GatewayQuestion): Promise<GatewayAnswer | Unreached> {
  const startedAt = performance.now();
  const { timeoutMs } = question;
  try {
    const { status, headers, text } = await exchange(place, question);
    return { status, headers, text, body: parseJson(text), latencyMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException;
    if (name === "AbortError" || name === "TimeoutError")
      return { problem: `${place.url.origin} did not answer within ${timeoutMs} ms`, exit: EXIT.timeout };
    if (CERTIFICATE_ASKED.test(code ?? ""))
      return { problem: `${place.url.origin} asks for a client certificate`, exit: EXIT.refused };
    return { problem: `${place.url.origin} cannot be reached (${code ?? String(error)})`, exit: EXIT.unreachable };
  }
}

/** What makes a connection trust the gateway's own certificate, too. It is for a name, not for this address: who holds its key is who we mean. */
export function trusting(certificate: string | null): ConnectionOptions {
  return certificate === null
    ? {}
    : { ca: certificate, allowPartialTrustChain: true, checkServerIdentity: () => undefined };
}

type Received = Pick<GatewayAnswer, "status" | "headers" | "text">;

async function exchange({ url, secret, certificate }: GatewayPlace, question: GatewayQuestion): Promise<Received> {
  const { path, body, timeoutMs } = question;
  const isPost = body !== undefined;
  const options: RequestOptions = {
    method: isPost ? "POST" : "GET",
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: "application/json, text/event-stream",
      ...(isPost && { "content-type": "application/json" }),
      ...bearer(secret),
      ...question.headers,
    },
  };
  const at = new URL(`${url.pathname.replace(/\/+$/, "")}${path}`, url);
  const asking =
    at.protocol === "https:" ? requestOverTls(at, { ...options, ...trusting(certificate) }) : request(at, options);
  asking.end(isPost ? JSON.stringify(body) : undefined);
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  const { statusCode: status = 0, headers } = response;
  return { status, headers, text: await text(response) };
}

/** Options of commands that ask a gateway. */
export const GATEWAY_OPTIONS = {
  url: { type: "string", value: "URL", about: "Another gateway than the one of the config." },
  timeout: { type: "string", value: "MS", about: "Longest wait." },
} as const;
