// What attempts teach of the shape that a target takes: remedies with which it took a request that it had refused before. Pure.
import type { AttemptRef, RequestEnd } from "../core/events.ts";
import { NO_REMEDIES, type RemedyName, REMEDIES } from "../core/remedy.ts";

/** Remedies that were shown to be right, and for which config of the target. Plain data, so that workers can exchange it. */
export interface Lesson {
  readonly revision: string;
  /** True when the file has an entry for the model. */
  readonly isListed: boolean;
  readonly remedies: readonly RemedyName[];
}

/** What an attempt teaches at its commit or at its end; null for most, which were made without remedies. */
export function lessonOf(ref: AttemptRef): Lesson | null {
  return ref.remedies.length === 0 || !isRight(ref) ? null : lesson(ref, ref.remedies);
}

/** It answered, or it got further: the target now complains of something else. */
function isRight({ outcome, failure, remedies }: AttemptRef): boolean {
  if (outcome === null || outcome === "completed") return true;
  const complaints = outcome === "failed" && failure !== null ? failure.remedies : NO_REMEDIES;
  return complaints.length > 0 && !complaints.some((name) => remedies.includes(name));
}

/**
 * What a served request teaches of the candidates before the one that served it: they complained of a need that another could meet.
 * Nobody repeats there without it while another has it, so there is no better proof.
 */
export function lessonsOf({ attempts, served }: RequestEnd): readonly (readonly [AttemptRef, Lesson])[] {
  // An empty answer that was sent for want of a better one never committed, and meets no need.
  if (served === null || served.committedAt === null || attempts.length < 2) return [];
  return attempts.flatMap((ref) => {
    const lacking = (ref.failure?.remedies ?? NO_REMEDIES).filter((name) => REMEDIES[name].takes !== null);
    return ref.target === served.target || lacking.length === 0 ? [] : [[ref, lesson(ref, lacking)] as const];
  });
}

function lesson({ target }: AttemptRef, remedies: readonly RemedyName[]): Lesson {
  const { revision, isListed } = target;
  return { revision, isListed, remedies };
}
