// The arguments of a call as the text that all dialects share, however a server or a client wrote them.
import type { Json } from "../core/json.ts";
import { NO_ARGUMENTS } from "./collect.ts";

/** A text as it stands, anything else as JSON: a call without its arguments would be another call. Nothing, or no word, is no arguments. */
export function argumentsText(written: Json | undefined): string {
  if (typeof written === "string") return written === "" ? NO_ARGUMENTS : written;
  return saysNothing(written) ? NO_ARGUMENTS : JSON.stringify(written);
}

/** True for arguments that are none. Servers in languages that do not tell lists from tables write an empty table as a list. */
export function saysNothing(written: Json | undefined): boolean {
  if (written === undefined || written === null) return true;
  return typeof written === "object" && Object.keys(written).length === 0;
}
