// Whole answers: a closed loop by autocannon for throughput and processor time, and one connection with a microsecond clock for latency
// (autocannon counts whole milliseconds).
import { Client } from "undici";
import { Child } from "../test/support/child.ts";
import { requestBody } from "./bench-config.ts";
import type { Subject } from "./processes.ts";
import { WHOLE_MODEL } from "./streams-text.ts";

const autocannon = new URL("../node_modules/autocannon/autocannon.js", import.meta.url).pathname;
const PATH = "/v1/chat/completions";

/** What a closed loop did. */
export interface LoopReport {
  readonly requests: number;
  readonly seconds: number;
  readonly bad: readonly string[];
}

interface CannonResult {
  readonly "2xx": number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly mismatches: number;
  readonly duration: number;
}

/** So many connections, each sending its next request when the answer is there. */
export async function runLoop(subject: Subject, connections: number, seconds: number): Promise<LoopReport> {
  const headers = ["-H", `authorization=Bearer ${subject.token}`, "-H", "content-type=application/json"];
  const load = ["-j", "-c", String(connections), "-d", String(seconds), "-m", "POST", "-b", requestBody(WHOLE_MODEL)];
  const child = Child.start({ args: [autocannon, ...load, ...headers, `${subject.url}${PATH}`] });
  const code = await child.exited;
  const line = child.stdout.find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`autocannon ended with ${code} and said nothing:\n${child.lines.join("\n")}`);
  const result = JSON.parse(line) as CannonResult;
  const bad = (["non2xx", "errors", "timeouts", "mismatches"] as const).filter((what) => result[what] > 0);
  return { requests: result["2xx"], seconds: result.duration, bad: bad.map((what) => `${result[what]} ${what}`) };
}

/** What one connection saw. */
export interface ProbeReport {
  readonly latencyUs: readonly number[];
  readonly seconds: number;
  readonly bad: readonly string[];
}

/** Requests one after the other on one connection, each timed from the call to the last byte and each answer checked. */
export async function runProbe(subject: Subject, requests: number): Promise<ProbeReport> {
  const client = new Client(subject.url, { pipelining: 1 });
  const headers = { authorization: `Bearer ${subject.token}`, "content-type": "application/json" };
  const body = requestBody(WHOLE_MODEL);
  const latencyUs: number[] = [];
  const bad: string[] = [];
  const startedAt = performance.now();
  for (let count = 0; count < requests; count += 1) {
    const sentAt = performance.now();
    const answer = await client.request({ path: PATH, method: "POST", headers, body });
    const text = await answer.body.text();
    latencyUs.push((performance.now() - sentAt) * 1000);
    if (answer.statusCode !== 200 || !text.endsWith("}}"))
      bad.push(`status ${answer.statusCode}, ${text.length} bytes`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await client.close();
  return { latencyUs, seconds, bad };
}
