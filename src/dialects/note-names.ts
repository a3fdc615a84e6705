// What an answer calls itself, noted from events that are read anyway. Nothing is read for its sake.
import type { Json } from "../core/json.ts";
import type { Told } from "../core/lane.ts";
import { asText } from "./reading.ts";

/** Notes the id and the model that an event names, unless an earlier one did; empty ones are none (Azure's first event has those). */
export function noteNames(of: Told, id: Json | undefined, model: Json | undefined): void {
  of.id ??= asText(id);
  of.model ??= asText(model);
}
