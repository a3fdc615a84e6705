// What runs, summed by where it is, and the last requests, newest first.
import { NOTHING, number, plural, span, timeOfDay, tokens, words } from "../../server/status/page/format.js";
import type { RequestRow } from "../../telemetry/live/request-row.ts";
import type { UnderWay } from "../../telemetry/live/under-way.ts";
import type { Paint } from "../paint.ts";
import { table } from "../table.ts";
import type { Look } from "./look.ts";

const TONES = {
  completed: "good",
  failed: "bad",
  cancelled: "dim",
  refused: "warn",
} as const satisfies Record<RequestRow["outcome"], keyof Paint>;
const HEAD = ["time", "status", "request", "served by", "hops", "first token", "took", "tokens", "id"];

/** One line a group; none where nothing runs. */
export function runningLines(groups: readonly UnderWay[], { paint }: Look): string[] {
  return groups.map(({ agent, target, count, awaited, oldestMs }) => {
    const waits = awaited > 0 ? `${number(awaited)} awaited · ` : "";
    return `${paint.warn("→")} ${number(count)} ${agent} → ${target ?? "…"}  ${paint.dim(`${waits}oldest ${span(oldestMs)}`)}`;
  });
}

/** As many as there is room for. */
export function requestLines(
  rows: readonly RequestRow[],
  { look, room }: { readonly look: Look; readonly room: number },
): string[] {
  const { paint } = look;
  if (rows.length === 0) return [paint.dim("no request yet")];
  const newest = rows.slice(-Math.max(1, room - 1)).toReversed();
  const cells = newest.map((row) => cellsOf(row, paint));
  return table(HEAD, cells, paint).trimEnd().split("\n");
}

/** The agent, and what was asked for where that is not the agent. */
function whoOf(agent: string, requested: string | null): string {
  return requested === null || requested === `openclaw/${agent}` ? agent : `${agent} · ${requested}`;
}

/** Who answered, and what went wrong all the same: a stream that broke has its 200. Where nobody did, a line has room for the reason only. */
function servedBy({ served, kind }: RequestRow): string {
  if (served === null) return words(kind ?? NOTHING);
  return kind === null ? served : `${served} · ${words(kind)}`;
}

function cellsOf(row: RequestRow, paint: Paint): string[] {
  const { agent, requested, operation, attempts, stream, outcome } = row;
  const hops = attempts.length - 1;
  return [
    timeOfDay(row.wall),
    paint[TONES[outcome]](`${row.status}`),
    agent === null ? operation : whoOf(agent, requested),
    servedBy(row),
    hops > 0 ? plural(hops, "hop") : "",
    stream ? span(row.ttftMs) : NOTHING,
    span(row.ms),
    tokens(row),
    paint.dim(row.id),
  ];
}
