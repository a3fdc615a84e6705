// Embeddings requests: the facts, the required shape, the edits for a target (decision 6: token arrays count).
import type { Body } from "../../core/body.ts";
import type { BodyFacts } from "../../core/facts.ts";
import type { Failure } from "../../core/failure.ts";
import type { Need } from "../../core/names.ts";
import type { Target } from "../../core/snapshot.ts";
import type { Fitted } from "../dialect.ts";
import { fittingFor, invalid, readCommon, readMember } from "../request-check.ts";

const NO_NEEDS: ReadonlySet<Need> = new Set();

/** Reads the facts; refuses what decision 6 names and nothing deeper. */
export function readEmbeddingsFacts(body: Body): BodyFacts | Failure {
  const common = readCommon(body);
  if ("kind" in common) return common;
  const input = body.member("input");
  const text = input !== undefined && input.elements < 0 ? readMember(body, "input") : null;
  const given = input !== undefined && (input.elements > 0 || (typeof text === "string" && text.trim() !== ""));
  if (!given) return invalid("input", "`input` must be a non-blank string or a non-empty array.");
  // There is no streamed form; a stray `stream` is the provider's to judge.
  return { model: common.model, stream: false, wantsUsage: true };
}

/** Embeddings need nothing that metadata states. */
export function readEmbeddingsNeeds(): ReadonlySet<Need> {
  return NO_NEEDS;
}

/** The model's own id. */
export function fitEmbeddingsBody(_body: Body, { target }: { readonly target: Target }): Fitted {
  return fittingFor(target);
}
