// One request of a load, timed where it counts: first content, each part of content, end. Keeps the whole answer to judge it.
import { once } from "node:events";
import { type Agent, type IncomingMessage, request } from "node:http";
import { request as requestOverTls } from "node:https";
import type { ConnectionOptions } from "node:tls";
import { judge, type Received, type Shape } from "./judge-answer.ts";

/** Whom to ask, and what. */
export interface Load {
  /** Of the chat endpoint. */
  readonly url: URL;
  /** Undefined: a connection of its own kind by default. */
  readonly agent: Agent | undefined;
  /** For https. */
  readonly trust: ConnectionOptions;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly shape: Shape;
  readonly timeoutMs: number;
}

/** What one request saw; milliseconds from its start. */
export interface Sample {
  readonly status: number | null;
  /** Null when there was no content. */
  readonly firstMs: number | null;
  readonly wholeMs: number;
  /** Parts of content. */
  readonly parts: number;
  /** Why the answer is none; null for a good one. */
  readonly bad: string | null;
}

/** An event with text in it, thought or tool call: what a person would see move. */
const CONTENT = /"(?:content|reasoning_content|reasoning|arguments)":"(?=[^"])/g;

/** Asks once; never rejects. */
export async function sampled(load: Load): Promise<Sample> {
  const clock = new SampleClock();
  let unreached: string | null = null;
  const received = await exchange(load, clock).catch((error: unknown) => {
    unreached = connectFault(error);
    return lost(error);
  });
  const wholeMs = clock.now();
  return {
    status: received.status,
    firstMs: clock.firstMs,
    wholeMs,
    parts: clock.parts,
    bad: unreached ?? judge(received, load.shape, null),
  };
}

/** Notes when content comes. */
class SampleClock {
  readonly #startedAt = performance.now();
  firstMs: number | null = null;
  parts = 0;

  now(): number {
    return performance.now() - this.#startedAt;
  }

  note(parts: number): void {
    if (parts === 0) return;
    this.firstMs ??= this.now();
    this.parts += parts;
  }
}

async function exchange(load: Load, clock: SampleClock): Promise<Received> {
  const response = await asked(load);
  const { statusCode: status = null } = response;
  let body = "";
  try {
    response.setEncoding("utf8");
    for await (const text of response as AsyncIterable<string>) {
      body += text;
      clock.note(text.match(CONTENT)?.length ?? 0);
    }
    return { status, body, end: "complete" };
  } catch (error) {
    return { status, body, end: isLate(error) ? "late" : "cut" };
  }
}

async function asked({ url, agent, headers, body, timeoutMs, trust }: Load): Promise<IncomingMessage> {
  const options = { method: "POST", agent, headers, signal: AbortSignal.timeout(timeoutMs) };
  const asking = url.protocol === "https:" ? requestOverTls(url, { ...options, ...trust }) : request(url, options);
  asking.end(body);
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  // Whoever reads the body hears of its end; the request's own error after that is nobody's.
  asking.on("error", () => undefined);
  return response;
}

function lost(error: unknown): Received {
  return { status: null, body: "", end: isLate(error) ? "late" : "cut" };
}

/** The system's word for why there was no connection; null when there was one. */
function connectFault(error: unknown): string | null {
  const { code = null } = error as NodeJS.ErrnoException;
  return isLate(error) || code === "ECONNRESET" || code === "EPIPE" ? null : code;
}

function isLate(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}
