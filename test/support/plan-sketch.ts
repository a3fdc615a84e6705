// Plans for tests of policy: targets by name, with as many keys and as large a window as the case needs.
import type { Plan, PlanLimits } from "../../src/core/plan.ts";
import type { Target } from "../../src/core/snapshot.ts";
import { aCredential, aTarget } from "./snapshot.ts";

/** What differs between targets of a case. */
export interface TargetSketch {
  readonly keys?: number;
  readonly window?: number;
  /** Its own name unless told otherwise. */
  readonly provider?: string;
}

/** A plan in a few words. */
export interface PlanSketch {
  readonly targets: Readonly<Record<string, TargetSketch>>;
  readonly attemptsMax?: number;
  readonly failsOver?: boolean;
  readonly limits?: Partial<PlanLimits>;
}

/** The bounds of a request that may do everything but hedge. */
export function aLimits(more: Partial<PlanLimits> = {}): PlanLimits {
  return {
    attemptsMax: 5,
    heals: true,
    deadlineAt: 900_000,
    failsOver: true,
    rotations: { rate_limit: 1, overloaded: 1 },
    overloadedBackoffMs: 0,
    sameProviderShare: 0.2,
    hedge: null,
    ...more,
  };
}

/** The plan. */
export function aPlan({ targets, attemptsMax = 5, failsOver = true, limits }: PlanSketch): Plan {
  const candidates = Object.entries(targets).map(([name, sketch], position) => ({
    position,
    target: sketched(name, sketch),
    dialect: "openai-chat" as const,
    path: "/v1/chat/completions",
    request: "patch" as const,
    response: "relay" as const,
  }));
  return {
    agent: "main",
    requested: "openclaw/main",
    candidates,
    refused: [],
    limits: aLimits({ attemptsMax, failsOver, ...limits }),
  };
}

function sketched(name: string, { keys = 1, window, provider = name }: TargetSketch): Target {
  const credentials = Array.from({ length: keys }, (_, at) => aCredential(`${name}#${at + 1}`));
  const base = aTarget(`${name}/m`);
  return { ...base, id: name, provider, credentials, stated: { ...base.stated, contextWindow: window ?? null } };
}
