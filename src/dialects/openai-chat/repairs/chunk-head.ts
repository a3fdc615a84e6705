// The members that all chunks of a stream share: what a chunk of ours has in common with its neighbours.
import type { Json, JsonObject } from "../../../core/json.ts";

const SHARED = ["id", "object", "created", "model", "system_fingerprint", "provider", "service_tier"] as const;

/** The shared members of a chunk. */
export function headOf(chunk: JsonObject): JsonObject {
  const shared = SHARED.map((name): [string, Json | undefined] => [name, chunk[name]]);
  return Object.fromEntries(shared.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
