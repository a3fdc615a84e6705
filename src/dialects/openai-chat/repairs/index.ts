// TABLE: what is mended in chat completions, in the order in which it acts: calls get their numbers before anything asks for them. Rows
// that the file's flags ask for stand between those that are always there.
import type { RepairName } from "../../../core/repairs.ts";
import type { RepairContext } from "../../repair.ts";
import { argumentsEntities } from "./arguments-entities.ts";
import { argumentsText } from "./arguments-text.ts";
import { callId } from "./call-id.ts";
import { callIndex } from "./call-index.ts";
import { callName } from "./call-name.ts";
import { callType } from "./call-type.ts";
import { callsEmptied } from "./calls-emptied.ts";
import { callsSplit } from "./calls-split.ts";
import { detailsShown } from "./details-shown.ts";
import { finishAdded } from "./finish-added.ts";
import { finishCalls } from "./finish-calls.ts";
import { finishWord } from "./finish-word.ts";
import { roleAdded } from "./role-added.ts";
import type { RepairRow } from "./row.ts";
import { usageMoved } from "./usage-moved.ts";

/** Repairs that are no work on single chunks and stand elsewhere. */
type Elsewhere = "tool-text" | "stream-from-whole" | "whole-from-stream";
type Flagged = "details-shown" | "arguments-entities";

/** All rows by name. */
export const CHAT_REPAIRS = {
  "role-added": roleAdded,
  "details-shown": detailsShown,
  "calls-emptied": callsEmptied,
  "arguments-text": argumentsText,
  "call-index": callIndex,
  "calls-split": callsSplit,
  "call-id": callId,
  "call-type": callType,
  "call-name": callName,
  "arguments-entities": argumentsEntities,
  "finish-word": finishWord,
  "finish-calls": finishCalls,
  "finish-added": finishAdded,
  "usage-moved": usageMoved,
} as const satisfies Record<Exclude<RepairName, Elsewhere> | Flagged, RepairRow>;

/** A row with its name. */
export interface NamedRow {
  readonly name: string;
  readonly row: RepairRow;
}

const ROWS: readonly NamedRow[] = Object.entries(CHAT_REPAIRS).map(([name, row]) => ({ name, row }));
const FLAGGED: ReadonlySet<string> = new Set<Flagged>(["details-shown", "arguments-entities"]);

/** The rows that this answer is to go through. */
export function chatRowsFor(context: RepairContext): readonly NamedRow[] {
  return ROWS.filter(({ name, row }) => {
    const isOn = FLAGGED.has(name) || context.on.has(name as RepairName);
    return isOn && (row.needed?.(context) ?? true);
  });
}
