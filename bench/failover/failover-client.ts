// One request of the failover bench: sent, read to its end, timed and judged. The same client for every subject.
import { Agent, request } from "undici";
import type { Shape } from "./faults.ts";
import { judge, type Received } from "../../src/cli/bench/judge-answer.ts";

/** How long a client waits for an answer, in milliseconds; longer than two providers' timeouts together. */
export const PATIENCE_MS = 6000;

/** What a run is made of. */
export interface Ask {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly shape: Shape;
  /** The text of the right answer. */
  readonly expected: string;
}

/** One request and its verdict. */
export interface Verdict {
  /** From the call to the last byte. */
  readonly ms: number;
  /** What came instead of the right answer; null when it came. */
  readonly bad: string | null;
}

const agent = new Agent({ pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });

/** Asks once. Never rejects: whatever happens is the result. */
export async function ask({ url, headers, model, shape, expected }: Ask): Promise<Verdict> {
  const messages = [{ role: "user", content: "Say what you are." }];
  const body = JSON.stringify({ model, messages, ...(shape === "streamed" && { stream: true }) });
  const startedAt = performance.now();
  const received = await receive(`${url}/v1/chat/completions`, headers, body);
  return { ms: performance.now() - startedAt, bad: judge(received, shape, expected) };
}

async function receive(url: string, headers: Ask["headers"], body: string): Promise<Received> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const parts: Buffer[] = [];
  let status: number | null = null;
  try {
    const response = await request(url, { method: "POST", headers, body, signal, dispatcher: agent });
    status = response.statusCode;
    for await (const part of response.body) parts.push(part as Buffer);
    return { status, body: Buffer.concat(parts).toString("utf8"), end: "complete" };
  } catch {
    const end = signal.aborted ? "late" : "cut";
    return { status, body: Buffer.concat(parts).toString("utf8"), end };
  }
}
