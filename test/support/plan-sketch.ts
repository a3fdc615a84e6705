// Plans for tests of policy: targets by name, with as many keys and as large a window as the case needs.
import type { Plan } from "../../src/core/plan.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Target } from "../../src/core/snapshot.ts";
import { aTarget } from "./snapshot.ts";

/** What differs between targets of a case. */
export interface TargetSketch {
  readonly keys?: number;
  readonly window?: number;
}

/** A plan in a few words. */
export interface PlanSketch {
  readonly targets: Readonly<Record<string, TargetSketch>>;
  readonly attemptsMax?: number;
  readonly failsOver?: boolean;
}

/** The plan. */
export function aPlan({ targets, attemptsMax = 5, failsOver = true }: PlanSketch): Plan {
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
    limits: { attemptsMax, deadlineMs: 900_000, failsOver },
  };
}

function sketched(name: string, { keys = 1, window }: TargetSketch): Target {
  const headers = new Secret<readonly string[]>([]);
  const credentials = Array.from({ length: keys }, (_, at) => ({ id: `${name}#${at + 1}`, masked: "***", headers }));
  const base = aTarget(`${name}/m`);
  return { ...base, id: name, provider: name, credentials, stated: { ...base.stated, contextWindow: window ?? null } };
}
