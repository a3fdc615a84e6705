// GET /v1/models and /v1/models/{id}: agents first; configured models too where they are exposed (OpenClaw §1.9, decision 2).
import { failure, type Failure } from "../core/failure.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { shownName } from "../dialects/openai-error.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { modelListOf } from "./model-list.ts";

/** The whole list; 304 when the client has it already. */
export function listModels(snapshot: Snapshot, ifNoneMatch: string | null): Answer {
  const { listBody, etag } = modelListOf(snapshot);
  const headers = ["content-type", "application/json", "cache-control", "private, no-cache", "etag", etag];
  const known = ifNoneMatch?.split(",").some((each) => each.trim().replace(/^W\//, "") === etag) ?? false;
  return known || ifNoneMatch === "*" ? { status: 304, headers, body: "" } : { status: 200, headers, body: listBody };
}

/** One model by the rest of the raw path: encoded, or with slashes as they are. */
export function readModel(snapshot: Snapshot, written: string): Answer | Failure {
  if (written === "") return invalid("Missing model id.");
  const id = decoded(written);
  if (id === null) return invalid("Invalid model id encoding.");
  const body = modelListOf(snapshot).byId.get(id.toLowerCase());
  if (body !== undefined) return jsonAnswer(200, body);
  return failure("model-unknown", `Model '${shownName(id)}' not found.`, { param: "model", phase: "request" });
}

function decoded(written: string): string | null {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

function invalid(message: string): Failure {
  return failure("request-invalid", message, { code: "invalid_model_id", param: "model", phase: "request" });
}
