// Talks to a running gateway as a client on this machine would: one request, one whole answer, with the config's own credential.
import { once } from "node:events";
import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { request as requestOverTls } from "node:https";
import { text } from "node:stream/consumers";
import type { ConnectionOptions } from "node:tls";
import type { Loaded } from "../config/load-snapshot.ts";
import { type Json, type JsonObject, parseJson } from "../core/json.ts";
import type { AuthSettings } from "../core/snapshot.ts";
import { EXIT, UsageError } from "./command.ts";

/** What is known of a gateway beforehand. */
export type KnownGateway = Pick<Loaded, "snapshot" | "generatedToken">;

/** Where a gateway is and how to be let in. */
export interface GatewayPlace {
  readonly url: URL;
  /** Token or password; null where none is needed or known. */
  readonly secret: string | null;
  /** A certificate to trust beside the usual ones: the gateway's own. */
  readonly certificate: string | null;
}

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

/** No answer: nobody listens, or not in time. */
export interface Unreached {
  readonly problem: string;
  readonly exit: typeof EXIT.unreachable | typeof EXIT.timeout;
}

/** True when nobody answered. */
export function isUnreached(answer: GatewayAnswer | Unreached): answer is Unreached {
  return "problem" in answer;
}

/** A gateway that nothing but its address is known of. Throws UsageError. */
export function placeAt(written: string): GatewayPlace {
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`'${written}' is not an http:// or https:// URL`);
  return { url, secret: null, certificate: null };
}

/** The gateway of a config, seen from this machine; `--url`, `--token` and `--password` win. */
export function placeOf(known: KnownGateway, given: { text(name: string): string | null }): GatewayPlace {
  const { gateway } = known.snapshot;
  const asked = given.text("token") ?? given.text("password");
  const written = given.text("url");
  if (written !== null) return { ...placeAt(written), secret: asked };
  const own = placeAt(`${gateway.tls === null ? "http" : "https"}://${hostOf(gateway.hosts)}:${gateway.port}`);
  return { ...own, secret: asked ?? secretOf(known), certificate: gateway.tls?.cert ?? null };
}

/** A gateway that listens everywhere is reached by loopback; one that listens at one address, there. */
function hostOf(hosts: readonly string[]): string {
  const [first = "127.0.0.1"] = hosts;
  if (hosts.some((host) => host === "127.0.0.1" || host === "0.0.0.0" || host === "::")) return "127.0.0.1";
  return first.includes(":") ? `[${first}]` : first;
}

/** What the gateway asks for. A token that was made up just now is not that of a gateway that runs already. */
function secretOf({ snapshot, generatedToken }: KnownGateway): string | null {
  const { mode, token, password }: AuthSettings = snapshot.gateway.auth;
  const secrets = { token, password, none: null, "trusted-proxy": null };
  return generatedToken === null ? (secrets[mode]?.reveal() ?? null) : null;
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
      ...(secret !== null && { authorization: `Bearer ${secret}` }),
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
