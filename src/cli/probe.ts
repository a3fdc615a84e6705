// Live probes: one real, tiny completion per credential, so many at once (OpenClaw's `models status --probe`).
import { dispositionOf } from "../core/failure.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { DirectAnswer, DirectCorridor } from "./direct.ts";
import { BUCKETS, type Bucket } from "./probe-buckets.ts";
import type { Askable, Unaskable } from "./probe-plan.ts";
import type { Progress } from "./progress.ts";
import { solo } from "./solo.ts";

/** How to ask. */
export interface ProbeOptions {
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly maxTokens: number;
}

/** One line of the result, with OpenClaw's keys. */
export interface ProbeRow {
  readonly provider: string;
  readonly model?: string;
  readonly profileId?: string;
  readonly label: string;
  readonly source: "env" | "models.json";
  readonly mode: "api_key" | "none";
  readonly status: Bucket;
  readonly reasonCode?: string;
  readonly error?: string;
  readonly latencyMs?: number;
}

/** What a probe needs. */
export interface ProbeParts {
  readonly snapshot: Snapshot;
  readonly corridor: DirectCorridor;
  readonly options: ProbeOptions;
  readonly progress: Progress;
}

const PROMPT = "Reply with OK. Do not use tools.";

/** Asks everybody; the rows come in the order of the plan. */
export async function probeAll(
  plan: readonly (Askable | Unaskable)[],
  parts: ProbeParts,
): Promise<readonly ProbeRow[]> {
  const rows = Array.from<ProbeRow>({ length: plan.length });
  const queue = plan.entries();
  const worker = async (): Promise<void> => {
    for (const [at, each] of queue) {
      rows[at] = "credential" in each ? await ask(each, parts) : ineligible(each);
      parts.progress.step(`${each.provider}: ${rows[at].status}`);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, parts.options.concurrency) }, worker));
  return rows;
}

function ineligible({ provider, source, reasonCode, error }: Unaskable): ProbeRow {
  const status = reasonCode === "no_model" ? "no_model" : "unknown";
  return { provider, label: source, source, mode: "api_key", status, reasonCode, error };
}

async function ask({ provider, target, credential, source }: Askable, parts: ProbeParts): Promise<ProbeRow> {
  const { snapshot, corridor, options } = parts;
  const answer = await corridor.ask({
    snapshot: solo(snapshot, target, credential),
    model: null,
    timeoutMs: options.timeoutMs,
    body: { model: "openclaw", max_tokens: options.maxTokens, messages: [{ role: "user", content: PROMPT }] },
  });
  const mode = credential.masked === "no key" ? "none" : "api_key";
  const row = { provider, model: target.id, profileId: credential.id, label: source, source, mode } as const;
  return { ...row, ...verdictOf(answer), latencyMs: answer.latencyMs };
}

/** An answer of no words is an answer: eight tokens are soon thought away. */
function verdictOf({ failure, attempts }: DirectAnswer): Pick<ProbeRow, "status" | "error"> {
  if (failure === null || failure.kind === "empty-answer") return { status: "ok" };
  const error = attempts.at(-1)?.error ?? failure.message;
  return { status: BUCKETS[dispositionOf(failure.kind).reason], error };
}
