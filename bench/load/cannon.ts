// autocannon as a process of its own: one closed loop of whole answers, each compared with the text that its request asked for.
//   node bench/load/cannon.ts '{"url": …, "headers": …, "connections": 32, "seconds": 5, "shape": …, "model": "whole"}'; prints JSON.
import { createRequire } from "node:module";
import { VARIANTS } from "../upstream/ask.ts";
import { wholeText } from "../upstream/texts.ts";
import { bodyOf } from "./bodies.ts";
import type { CannonRun, LoopReport } from "./closed-loop.ts";

interface CannonResult {
  readonly "2xx": number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly duration: number;
}

interface CannonRequest {
  readonly method: "POST";
  readonly path: string;
  readonly body: string;
  readonly onResponse: (status: number, body: string) => void;
}

interface CannonOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly duration?: number;
  readonly amount?: number;
  readonly requests: readonly CannonRequest[];
}

const autocannon = createRequire(import.meta.url)("autocannon") as (options: CannonOptions) => Promise<CannonResult>;

/** Bodies of a megabyte are kept by autocannon once per connection and request: fewer of them. */
const BIG_BYTES = 100_000;
const BIG_VARIANTS = 4;
/** Why the upstream's answers end. */
const FINISH = /"finish_reason": ?"stop"/;
/** Of a refusal, in characters. */
const SHOWN = 200;

async function fire({ url, headers, connections, seconds, amount, shape, model }: CannonRun): Promise<LoopReport> {
  let wrong = 0;
  let refusal = "";
  const requestOf = (variant: number): CannonRequest => {
    const text = JSON.stringify(wholeText(variant));
    const onResponse = (status: number, body: string): void => {
      if (status !== 200) refusal ||= `${status} ${body.slice(0, SHOWN)}`;
      else if (!(body.includes(text) && FINISH.test(body) && body.endsWith("}"))) wrong += 1;
    };
    return {
      method: "POST",
      path: "/v1/chat/completions",
      body: bodyOf({ model, shape, variant, stream: false }),
      onResponse,
    };
  };
  const variants = bodyOf({ model, shape, variant: 0, stream: false }).length > BIG_BYTES ? BIG_VARIANTS : VARIANTS;
  const requests = Array.from({ length: variants }, (_, variant) => requestOf(variant));
  const length = amount === null ? { duration: seconds } : { amount };
  const result = await autocannon({ url, headers, connections, requests, ...length });
  const counts = { ...result, "wrong answers": wrong };
  const kinds = ["non2xx", "errors", "timeouts", "wrong answers"] as const;
  const bad = kinds.filter((what) => counts[what] > 0).map((what) => `${counts[what]} ${what} ${refusal}`.trimEnd());
  return { requests: result["2xx"], seconds: result.duration, bad };
}

console.log(JSON.stringify(await fire(JSON.parse(process.argv[2] ?? "{}") as CannonRun)));
