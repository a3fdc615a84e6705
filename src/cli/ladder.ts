// The ladder of `doctor --model`: from a first word to what agents ask of a model, one step at a time. The step that breaks names
// the cause. Steps that a broken one makes pointless are said to be skipped.
import type { Loaded } from "../config/load-snapshot.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { dispositionOf } from "../core/failure.ts";
import type { Target } from "../core/snapshot.ts";
import { answerText, refusalText, toolCalls } from "./answer-text.ts";
import { fail, type Finding, ok, warn } from "./checks/finding.ts";
import type { DirectAnswer, DirectCorridor } from "./direct.ts";
import { askGateway, isUnreached } from "./gateway-client.ts";
import { placeOf } from "./gateway-place.ts";
import { fixFor } from "./ladder-fixes.ts";
import { solo } from "./solo.ts";
import { anyAgentsName } from "./usual-agent.ts";

/** Whom the ladder is climbed with. */
export interface Climb {
  readonly loaded: Loaded;
  readonly target: Target;
  readonly corridor: DirectCorridor;
  readonly timeoutMs: number;
}

const PONG = "Reply with exactly: pong";
const NO_OPTIONS = { text: () => null };
/** About what an agent of OpenClaw says of itself before the user speaks. */
const SYSTEM_TOKENS = 2_000;
const CAPACITY_TOKENS_MAX = 16_000;
const CAPACITY_TOKENS = 8_000;
const CAPACITY_SHARE = 0.5;
const FILLER = "The quick brown fox jumps over the lazy dog. ";
const FILLER_TOKENS = 10;

/** Three small tools, as an agent in lean mode offers. */
const TOOLS: Json = ["read", "write", "exec"].map((name) => ({
  type: "function",
  function: {
    name,
    description: `Pretend to ${name} something.`,
    parameters: { type: "object", properties: { what: { type: "string" } }, required: ["what"] },
  },
}));

/** Climbs; `step` is told of each finding as it is made. */
export async function climb(at: Climb, step: (finding: Finding) => void): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const add = (finding: Finding): boolean => {
    findings.push(finding);
    step(finding);
    return finding.verdict !== "fail";
  };
  if (!add(await respond(at))) {
    for (const rung of ["routing", "lean", "no tools", "capacity"]) add(skipped(rung, "the model does not answer"));
    return findings;
  }
  add(await routing(at));
  if (add(await lean(at))) add(ok("no tools", "not needed: tools work"));
  else if (!add(await noTools(at))) {
    add(skipped("capacity", "even a middling prompt is too much"));
    return findings;
  }
  add(await capacity(at));
  return findings;
}

function skipped(rung: string, why: string): Finding {
  return warn(rung, `skipped: ${why}`, "mend the step above first");
}

async function ask({ loaded, target, corridor, timeoutMs }: Climb, body: JsonObject): Promise<DirectAnswer> {
  return corridor.ask({
    snapshot: solo(loaded.snapshot, target, null),
    model: null,
    timeoutMs,
    body: { model: "openclaw", ...body },
  });
}

function said({ body, latencyMs }: DirectAnswer): string {
  const calls = toolCalls(body);
  const text = answerText(body).trim().slice(0, 60);
  return `${calls > 0 ? `calls ${calls} tools` : JSON.stringify(text)}, ${latencyMs} ms`;
}

/** The line of a step that failed, with what helps. */
function broken(rung: string, { failure, attempts }: DirectAnswer, target: Target): Finding {
  const last = attempts.at(-1);
  const words = last?.error ?? failure?.message ?? "no answer";
  const reason = failure === null ? "none" : dispositionOf(failure.kind).reason;
  return fail(rung, words, fixFor(reason, words, target));
}

async function respond(at: Climb): Promise<Finding> {
  const answer = await ask(at, { messages: [{ role: "user", content: PONG }] });
  if (answer.failure !== null) return broken("respond", answer, at.target);
  const isExact = /^\W*pong\W*$/i.test(answerText(answer.body));
  if (isExact) return ok("respond", said(answer));
  return warn(
    "respond",
    `answers, but not with "pong": ${said(answer)}`,
    "a larger or instruction-tuned model follows orders better",
  );
}

async function routing({ loaded, target, timeoutMs }: Climb): Promise<Finding> {
  const body = { model: anyAgentsName(loaded.snapshot, target.id), messages: [{ role: "user", content: PONG }] };
  const headers = { "x-openclaw-model": target.id };
  const question = { path: "/v1/chat/completions", body, headers, timeoutMs };
  const place = placeOf(loaded, NO_OPTIONS);
  const answer = await askGateway(place, question);
  if (isUnreached(answer))
    return warn("routing", `skipped: ${answer.problem}`, "start the gateway with 'openclaw-edge serve'");
  const served = answer.headers["x-openclaw-served-by"];
  if (answer.status === 200) return ok("routing", `the gateway asks ${String(served)}, ${answer.latencyMs} ms`);
  return fail(
    "routing",
    `the gateway answers ${answer.status}: ${refusalText(answer, { place, snapshot: loaded.snapshot })}`,
    `'openclaw-edge explain --header x-openclaw-model=${target.id}' shows the plan`,
  );
}

async function lean(at: Climb): Promise<Finding> {
  const answer = await ask(at, { messages: conversation(SYSTEM_TOKENS), tools: TOOLS });
  if (answer.failure !== null) return broken("lean", answer, at.target);
  return ok("lean", `with a system prompt and 3 tools: ${said(answer)}`);
}

async function noTools(at: Climb): Promise<Finding> {
  const answer = await ask(at, { messages: conversation(SYSTEM_TOKENS) });
  if (answer.failure !== null) return broken("no tools", answer, at.target);
  const fix = `write compat: { supportsTools: false } for ${at.target.id}`;
  return warn("no tools", `answers only without tools: ${said(answer)}`, fix);
}

async function capacity(at: Climb): Promise<Finding> {
  const { contextTokens, contextWindow } = at.target.stated;
  const window = contextTokens ?? contextWindow;
  const tokens = window === null ? CAPACITY_TOKENS : Math.min(window * CAPACITY_SHARE, CAPACITY_TOKENS_MAX);
  const answer = await ask(at, { messages: conversation(tokens) });
  const words = `with about ${Math.round(tokens / 1000)}k tokens`;
  if (answer.failure === null) return ok("capacity", `${words}: ${said(answer)}`);
  const { message } = broken("capacity", answer, at.target);
  const fix = `lower contextWindow (or contextTokens) of ${at.target.id} to what the server was started with, or raise it there`;
  return fail("capacity", `${words}: ${message}`, fix);
}

function conversation(tokens: number): Json {
  const filler = FILLER.repeat(Math.ceil(tokens / FILLER_TOKENS));
  return [
    { role: "system", content: `You are a careful assistant. Ignore the following notes.\n${filler}` },
    { role: "user", content: PONG },
  ];
}
