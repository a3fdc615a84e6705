// `visibleReasoningDetailTypes`: entries of `reasoning_details` that are no thoughts but what the user is meant to read.
import { isJsonObject, type Json } from "../../core/json.ts";

/** Entries taken apart. */
export interface SplitDetails {
  /** Texts to show, joined. */
  readonly visible: string;
  /** Entries that stay thoughts; the list itself where all do. */
  readonly hidden: readonly Json[];
}

/** Takes the entries of visible types out. */
export function splitDetails(details: readonly Json[], visibleTypes: readonly string[]): SplitDetails {
  const shown = details.filter((entry) => isVisible(entry, visibleTypes));
  if (shown.length === 0) return { visible: "", hidden: details };
  return {
    visible: shown.map(textOf).join(""),
    hidden: details.filter((entry) => !isVisible(entry, visibleTypes)),
  };
}

function isVisible(entry: Json, visibleTypes: readonly string[]): boolean {
  if (!isJsonObject(entry)) return false;
  const { type } = entry;
  return typeof type === "string" && visibleTypes.includes(type);
}

function textOf(entry: Json): string {
  if (!isJsonObject(entry)) return "";
  const { text } = entry;
  return typeof text === "string" ? text : "";
}
