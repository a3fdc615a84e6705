// What is mended in a target's answers, by what stands at its other end and by what the file says of its provider (decision 11 f).
import { REPAIR_NAMES, type RepairName } from "../core/repairs.ts";
import type { RouteClass, Target } from "../core/snapshot.ts";
import type { ProviderFrame } from "./provider-frame.ts";

/** OpenAI's own services keep to their format: there only one kind of answer may be taken for the other. */
const NATIVE: readonly RepairName[] = ["stream-from-whole", "whole-from-stream"];
const NONE: ReadonlySet<RepairName> = new Set();

/** The parts of a target that say how its answers are read. */
export type Mending = Pick<Target, "route" | "repairs" | "readsToolText" | "answersOnly">;

/** Reads the settings of one provider. */
export function mendingOf({ extras, context }: ProviderFrame, route: RouteClass): Mending {
  const written = extras?.repairs ?? true;
  const isOn = context.edge.compat.repairs && written !== false;
  const off: ReadonlySet<RepairName> = typeof written === "boolean" ? NONE : new Set(written);
  const known = route === "native" ? NATIVE : REPAIR_NAMES;
  const repairs = isOn ? new Set(known.filter((name) => !off.has(name))) : NONE;
  const readsToolText = isOn && !off.has("tool-text") && (extras?.toolText ?? route === "local");
  return { route, repairs, readsToolText, answersOnly: extras?.answersOnly ?? null };
}
