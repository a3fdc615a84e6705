// TABLE: what is mended in chat completions, in the order in which it acts: calls get their numbers before anything asks for them. Rows
// that the file's flags ask for stand between those that are always there.
import type { RepairName } from "../../../core/repairs.ts";
import type { RepairContext } from "../../repair.ts";
import { EventMemory } from "../../event-twins.ts";
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
import type { Needle, RepairRow } from "./row.ts";
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

/** The rows of a table that stand for one kind of answer. */
export interface ChosenRows {
  readonly rows: readonly NamedRow[];
  readonly needles: readonly Needle[];
  /** Events that no needle was found in. */
  readonly memory: EventMemory;
}

/** What was chosen, by the settings of a target: they are the same objects as long as a configuration is served. */
const chosen = new WeakMap<object, { readonly on: object; plain: ChosenRows | null; counting: ChosenRows | null }>();

/** The rows that this answer is to go through. */
export function chatRowsFor(context: RepairContext): ChosenRows {
  let known = chosen.get(context.compat);
  if (known === undefined || known.on !== context.on) {
    known = { on: context.on, plain: null, counting: null };
    chosen.set(context.compat, known);
  }
  return context.wantsUsage ? (known.counting ??= choose(context)) : (known.plain ??= choose(context));
}

function choose(context: RepairContext): ChosenRows {
  const rows = ROWS.filter(({ name, row }) => {
    const isOn = FLAGGED.has(name) || context.on.has(name as RepairName);
    return isOn && (row.needed?.(context) ?? true);
  });
  return { rows, needles: [...new Set(rows.flatMap(({ row }) => row.needles))], memory: new EventMemory() };
}
