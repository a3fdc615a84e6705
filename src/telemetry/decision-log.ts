// What the failover policy decided, one record per decision (OpenClaw §4.11). The plain case says nothing: a request whose first
// candidate was ready and answered. Every other one can be followed from its first step to the one that answered, or to the last.
import type { AttemptCommit, AttemptEnd, AttemptRef, RequestDecided, RequestRef } from "../core/events.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import type { AttemptStep, FailStep, Skip } from "../core/step.ts";
import { type Cleaning, type Decision, decisionFields, type Next } from "./decision-fields.ts";
import { decisionLine, prettyDecision } from "./decision-line.ts";
import { type Paint, painter } from "./pretty-line.ts";
import type { Redact } from "./redact.ts";
import { TargetNames } from "./target-names.ts";
import { type Hearing, hearing } from "./hearing.ts";

/** What a decision log is made of. */
export interface DecisionLogParts {
  /** Takes a line without its line feed. */
  readonly write: (line: string, level: "warn") => void;
  /** Unix milliseconds. */
  readonly wall: () => number;
  readonly redact: Redact;
  /** `json`: every field. `pretty`: what a person at a terminal asks first. */
  readonly style: "json" | "pretty";
  readonly colour?: boolean;
}

/** Makes the observer that writes decisions. */
export function createDecisionLog(parts: DecisionLogParts): Hearing {
  const log = new DecisionLog(parts);
  return hearing(["request-decided", "attempt-end", "attempt-commit"], (event) => {
    if (event.type === "request-decided") log.noteStep(event);
    else if (event.type === "attempt-end") log.noteEnd(event);
    else log.noteCommit(event);
  });
}

/** A request whose way was not plain. */
class Story {
  plan: Plan | null = null;
  /** Attempts that failed and are not told: what came of it is not decided yet. */
  untold: AttemptRef[] = [];
  lastFailed: AttemptRef | null = null;
  /** What was passed over already; a candidate that still cools at the next step is no news. */
  readonly skipped = new Set<string>();
}

class DecisionLog {
  readonly #parts: DecisionLogParts;
  readonly #clean: Cleaning;
  readonly #paint: Paint;
  readonly #stories = new WeakMap<RequestRef, Story>();

  constructor(parts: DecisionLogParts) {
    this.#parts = parts;
    this.#clean = { redact: parts.redact, names: new TargetNames(parts.redact) };
    this.#paint = painter(parts.colour ?? false);
  }

  noteStep({ request, plan, step, at }: RequestDecided): void {
    if (isPlain(step)) return;
    const story = this.#story(request);
    story.plan = plan;
    const next = nextOf(step);
    this.#tellFailed(story, request, next);
    for (const skip of step.skipped) this.#tellSkip(story, { request, plan, next, skip, at });
    if (step.do === "fail" || !step.probe) return;
    const { candidate, credential, because } = step;
    this.#tell(request, plan, {
      decision: "probe_cooldown_candidate",
      candidate,
      credential: credential.id,
      because,
    });
  }

  /** A failure is told with what follows it; after the commit nothing does. */
  noteEnd({ request, attempt }: AttemptEnd): void {
    if (attempt.outcome !== "failed" || attempt.committedAt !== null) return;
    const story = this.#story(request);
    story.untold.push(attempt);
    story.lastFailed = attempt;
  }

  noteCommit({ request, attempt }: AttemptCommit): void {
    const story = this.#stories.get(request);
    const candidate = candidateOf(story?.plan ?? null, attempt);
    if (story === undefined || story.plan === null || candidate === null) return;
    const { credential, because, number, probe } = attempt;
    // Of two that ran side by side one failed, and the other answers.
    this.#tellFailed(story, request, { candidate, credential: credential.id, word: because });
    if (number === 1 && !probe && story.lastFailed === null) return;
    this.#tell(request, story.plan, {
      decision: "candidate_succeeded",
      candidate,
      credential: credential.id,
      because,
      failed: story.lastFailed,
    });
  }

  #story(request: RequestRef): Story {
    const known = this.#stories.get(request);
    if (known !== undefined) return known;
    const story = new Story();
    this.#stories.set(request, story);
    return story;
  }

  #tellFailed(story: Story, request: RequestRef, next: Next): void {
    for (const failed of story.untold.splice(0)) {
      const candidate = candidateOf(story.plan, failed);
      if (story.plan === null || candidate === null) continue;
      const { credential, because } = failed;
      this.#tell(request, story.plan, {
        decision: "candidate_failed",
        candidate,
        credential: credential.id,
        because,
        failed,
        next,
      });
    }
  }

  #tellSkip(story: Story, { request, plan, next, skip, at }: Skipping): void {
    const news = `${skip.target} ${skip.reason}`;
    const candidate = plan.candidates.find(({ target }) => target.id === skip.target);
    if (candidate === undefined || story.skipped.has(news)) return;
    story.skipped.add(news);
    this.#tell(request, plan, {
      decision: "skip_candidate",
      candidate,
      credential: skip.credential,
      skippedFor: skip.reason,
      recoveryMs: skip.until === null ? null : skip.until - at,
      next,
    });
  }

  #tell(request: RequestRef, plan: Plan, of: Told): void {
    const { write, wall, style } = this.#parts;
    const fields = decisionFields({ ...UNSAID, ...of, request, plan }, this.#clean);
    write(style === "json" ? decisionLine(fields, wall()) : prettyDecision(fields, wall(), this.#paint), "warn");
  }
}

/** One candidate that was passed over. */
interface Skipping extends Pick<RequestDecided, "request" | "plan" | "at"> {
  readonly next: Next;
  readonly skip: Skip;
}

/** What most decisions have nothing to say of. */
const UNSAID = { because: null, failed: null, skippedFor: null, recoveryMs: null, next: null } as const;
type Told = Pick<Decision, "decision" | "candidate" | "credential"> & Partial<Decision>;

/** The first attempt of a request at a candidate that stood ready, and nothing was passed over for it. */
function isPlain(step: AttemptStep | FailStep): boolean {
  return step.do === "attempt" && step.because === "first" && !step.probe && step.skipped.length === 0;
}

function nextOf(step: AttemptStep | FailStep): Next {
  if (step.do === "fail") return { candidate: null, credential: null, word: step.why };
  return { candidate: step.candidate, credential: step.credential.id, word: step.because };
}

function candidateOf(plan: Plan | null, { target }: AttemptRef): Candidate | null {
  return plan?.candidates.find((each) => each.target === target) ?? null;
}
