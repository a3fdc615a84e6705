// The status page's picture as lines of text: head, tiles, chains, what runs, the last requests. Pure: a feed in, lines out.
import type { Feed } from "../../server/status/feed.ts";
import { longTime, plural, timeOfDay, words } from "../../server/status/page/format.js";
import { chainLines } from "./chains.ts";
import { clip } from "./clip.ts";
import type { Look } from "./look.ts";
import { requestLines, runningLines } from "./requests.ts";
import { tileLines } from "./tiles.ts";

const RELOADS = {
  swapped: "reloaded",
  rejected: "reload failed, last good one kept",
  unchanged: "checked, unchanged",
} as const;
/** Event loop delay that is said in red, in milliseconds; as on the page. */
const SLOW_LOOP_MS = 200;

/** Lines that the last requests get at least: what happened just now matters more than the end of a long list of chains. */
const REQUESTS_MIN = 8;

/** The whole picture; never longer than the look's height, never wider than its width. */
export function pictureLines(feed: Feed, look: Look): string[] {
  const top = [headLine(feed, look), "", ...tileLines(feed.gauges, look), ""];
  const middle = [...chainLines(feed.chains, look), ...runningLines(feed.running, look)];
  const above = [...top, ...shortened(middle, look.height - top.length - REQUESTS_MIN, look), ""];
  const all = [...above, ...requestLines(feed.rows, { look, room: look.height - above.length })];
  return all.slice(0, look.height).map((line) => clip(line.trimEnd(), look.width));
}

/** Says how much it leaves out. */
function shortened(lines: readonly string[], room: number, { paint }: Look): readonly string[] {
  if (lines.length <= room) return lines;
  const kept = lines.slice(0, Math.max(0, room - 1));
  return [...kept, paint.dim(`… ${plural(lines.length - kept.length, "more line")}`)];
}

function headLine(feed: Feed, { paint }: Look): string {
  const { version, uptimeMs, revision, leaving, loopDelayMs, chains, wall } = feed;
  const out = chains.flatMap(({ links }) => links).filter(({ state }) => state !== "ready").length;
  const loop = `event loop ${loopDelayMs} ms`;
  const parts = [
    `${paint.bold("openclaw-edge")} ${version}`,
    leaving ? paint.warn("draining") : out === 0 ? paint.good("all targets ready") : troubleWords(feed, out, paint),
    `up ${longTime(uptimeMs)}`,
    ...workerWords(feed, paint),
    loopDelayMs > SLOW_LOOP_MS ? paint.bad(loop) : loop,
    `config ${revision.slice(0, 12)} ${reloadWords(feed, paint)}`,
    paint.dim(timeOfDay(wall)),
  ];
  return parts.join("  ");
}

/** Nothing where one process serves alone. */
function workerWords({ workers }: Feed, paint: Look["paint"]): readonly string[] {
  if (workers === undefined) return [];
  const { wanted, serving, outdated } = workers;
  const text = `${serving} of ${wanted} workers${outdated === 0 ? "" : `, ${outdated} to be replaced`}`;
  return [serving < wanted ? paint.bad(text) : outdated > 0 ? paint.warn(text) : text];
}

function troubleWords({ chains }: Feed, out: number, paint: Look["paint"]): string {
  const isStuck = chains.some(({ links }) => links.length > 0 && links.every(({ state }) => state !== "ready"));
  return (isStuck ? paint.bad : paint.warn)(`${plural(out, "target")} not ready`);
}

function reloadWords({ reloaded }: Feed, paint: Look["paint"]): string {
  if (reloaded === null) return "as started";
  const complaints = reloaded.complaints > 0 ? `, complaints: ${reloaded.complaints}` : "";
  const text = `${words(RELOADS[reloaded.result])} ${timeOfDay(reloaded.wall)}${complaints}`;
  return reloaded.result === "rejected" ? paint.bad(text) : text;
}
