// What an answer calls itself, noted from events that are read anyway. Nothing is read for its sake.
import type { Json } from "../core/json.ts";
import type { Told } from "../core/lane.ts";
import { asText } from "./reading.ts";

/** What is longer is no name. It would be held by all who record, as long as its request is known. */
const NAME_LENGTH_MAX = 1_024;

/** Notes the id and the model that an event names, unless an earlier one did; empty ones are none (Azure's first event has those). */
export function noteNames(of: Told, id: Json | undefined, model: Json | undefined): void {
  of.id ??= nameOf(id);
  of.model ??= nameOf(model);
}

function nameOf(value: Json | undefined): string | null {
  const text = asText(value);
  return text === null || text.length > NAME_LENGTH_MAX ? null : text;
}
