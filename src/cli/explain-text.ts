// The document of `explain` as text for people: one block per candidate, labels in one column.
import { isJsonObject } from "../core/json.ts";
import { REPAIR_NAMES } from "../core/repairs.ts";
import type { NotReadyLine } from "../server/health.ts";
import type { Change, Explained, ExplainedCandidate, ExplainedFailure } from "./explained.ts";
import { TRANSFORM_WORDS } from "./transform-words.ts";

const LABEL_WIDTH = 11;
const MS_PER_S = 1_000;

/** A plan; `note` says where its health comes from. */
export function planText(document: Explained, note: string): string {
  const { operation, stream, needs, agent, requested, candidates, refused, config } = document;
  const form = [operation, stream ? "streamed" : "whole answer", ...needs.map((need) => `needs ${need}`)].join(", ");
  const width = Math.max(0, ...refused.map(({ target }) => target.length));
  const lines = [
    row("request", `${form}, for ${requested} (agent ${agent})`),
    row("config", config),
    ...candidates.flatMap((each, at) => candidateLines(each, at + 1)),
    "",
    ...refused.map(({ target, why }) => row("passed over", `${target.padEnd(width)}  ${why}`)),
    row("limits", limitWords(document.limits)),
    row("health", healthWords(document, note)),
  ];
  return `${lines.join("\n")}\n`;
}

/** A refusal. */
export function failureText({ operation, config, status, error, detail }: ExplainedFailure): string {
  const { code = null, message = "" } = isJsonObject(error) ? error : {};
  const lines = [
    row("request", `${operation}: refused`),
    row("config", config),
    row("answer", `${status} ${String(code)}: ${String(message)}`),
    ...(detail === null ? [] : detail.split(", ").map((each) => row("because", each))),
  ];
  return `${lines.join("\n")}\n`;
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}  ${text}`;
}

function candidateLines(candidate: ExplainedCandidate, position: number): string[] {
  const { target, api, url, dialect, lane, clocks, credentials, rotation, inflightMax, notReady, changes } = candidate;
  const keys = credentials.map(({ id, masked }) => `${id} ${masked}`).join(", ");
  const waits = Object.entries(clocks).map(([name, ms]) => `${name.replace(/Ms$/, "")} ${seconds(ms)}`);
  return [
    "",
    row(`${position}`, target),
    row("  to", `${url ?? "the mock"} (${api})`),
    row("  as", `${dialect}: request ${lane.request}, answer ${lane.response}`),
    row("  clocks", waits.join(", ")),
    row("  keys", credentials.length > 1 ? `${keys} (${rotation})` : keys),
    row("  in flight", `at most ${inflightMax} at this provider`),
    row("  mends", mendWords(candidate)),
    ...changes.map((change) => row("  changes", changeWords(change))),
    ...(candidate.learned ?? []).map(({ remedy, config }) => row("  learned", `${remedy}; permanent with ${config}`)),
    ...(notReady ?? []).map((line) => row(`  ${line.state}`, coolingWords(line))),
  ];
}

/** What is left alone where most is mended, what is mended where most is left alone. */
function mendWords({ repairs, toolText }: ExplainedCandidate): string {
  const left = REPAIR_NAMES.filter((name) => !repairs.includes(name));
  const some = repairs.length > left.length ? `all but ${left.join(", ")}` : repairs.join(", ");
  const mended = left.length === 0 ? "every deviation" : repairs.length === 0 ? "nothing" : some;
  return toolText ? `${mended}; reads tool calls in text` : mended;
}

function changeWords({ transform, learned }: Change): string {
  return `${transform}: ${TRANSFORM_WORDS[transform]}${learned ? ", learned" : ""}`;
}

function coolingWords({ target, credential, reason, recoversInMs, failures }: NotReadyLine): string {
  const who = credential === null ? "" : target === null ? ` of ${credential}` : ` of ${credential} on this model`;
  const left = recoversInMs === 0 ? "may be tried" : `${seconds(Math.ceil(recoversInMs / MS_PER_S) * MS_PER_S)} left`;
  return `${reason}${who}, ${left} (failures: ${failures})`;
}

function limitWords({ deadlineMs, attemptsMax, failsOver, rotations, hedge, heals }: Explained["limits"]): string {
  const keys = Object.entries(rotations).map(([reason, count]) => `${count} after ${reason}`);
  return [
    `deadline ${seconds(deadlineMs)}`,
    `at most ${attemptsMax} attempts`,
    failsOver ? "fails over" : "no other model",
    `other keys: ${keys.join(", ")}`,
    heals ? "heals refused shapes" : "heals nothing",
    hedge === null ? "no hedge" : `hedge after ${seconds(hedge.afterMs)} for ${hedge.share * 100} %`,
  ].join("; ");
}

function healthWords({ candidates, health }: Explained, note: string): string {
  if (health === null) return note;
  const count = candidates.reduce((sum, { notReady }) => sum + (notReady?.length ?? 0), 0);
  return `${note}: ${count === 0 ? "all candidates are ready" : "what is not ready stands above"}`;
}

function seconds(ms: number): string {
  return `${ms / MS_PER_S} s`;
}
