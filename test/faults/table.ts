// What rows saw, as lines for people and as a Markdown table.
import { isFlow, isLetter, type Row } from "./row.ts";
import type { LetterRow } from "./letter.ts";
import type { Result } from "./runner.ts";

/** Rows in the order of the matrix: B07 before B10, U04b behind U04. */
export function inOrder(results: readonly Result[]): Result[] {
  return results.toSorted((a, b) => a.row.id.localeCompare(b.row.id, "en", { numeric: true }));
}

/** One line for the terminal; a red row has its complaints below. */
export function lineOf(result: Result): string {
  const { row, problems, ms, inexpressible } = result;
  if (inexpressible !== undefined) return `n/a ${row.id.padEnd(14)} ${inexpressible}`;
  const state = problems.length === 0 ? "ok " : "RED";
  const line = `${state} ${row.id.padEnd(14)} ${`${ms.toFixed(0)} ms`.padStart(8)}  ${seenIn(result).padEnd(44)} ${row.says}`;
  if (problems.length === 0) return line;
  return [line, `      expected: ${expected(row)}`, ...problems.map((problem) => `      seen: ${problem}`)].join("\n");
}

/** How many rows came out how, as a sentence. */
export function summary(title: string, results: readonly Result[]): string {
  const unsaid = results.filter(({ inexpressible }) => inexpressible !== undefined).length;
  const red = results.filter(({ problems }) => problems.length > 0).length;
  const green = results.length - unsaid - red;
  return `**${title}**: ${green} rows green, ${red} red${unsaid === 0 ? "" : `, ${unsaid} n/a`}.`;
}

/** A text in a cell of Markdown. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").replaceAll("<", "&lt;");
}

/** The table of the README. */
export function table(results: readonly Result[]): string {
  const lines = inOrder(results).map((result) => {
    const { row, problems, ms, inexpressible } = result;
    if (inexpressible !== undefined) return `| ${row.id} | ${cell(row.says)} | | n/a: ${cell(inexpressible)} | |`;
    const seen = problems.length === 0 ? seenIn(result) : `**${problems.join("; ")}**`;
    const cells = [row.id, row.says, expected(row), seen, ms.toFixed(0)].map(cell);
    return `| ${cells.join(" | ")} |`;
  });
  return ["| row | what happens | expected | seen | ms |", "|---|---|---|---|--:|", ...lines, ""].join("\n");
}

/** Both shapes see the same thing more often than not. */
function seenIn({ seen, problems }: Result): string {
  if (seen.length === 0) return problems.length === 0 ? "as expected" : "";
  return [...new Set(seen)].join("; ");
}

/** What a letter should get. */
function answersOf({ answers, code, closes, reaches }: LetterRow): string {
  const statuses = answers.map((status) => [status].flat().join(" or ").replace(/\b0\b/, "no answer")).join(", then ");
  return [
    `${statuses}${(code ?? null) === null ? "" : ` ${code}`}`,
    ...(closes === true ? ["then the end"] : []),
    ...(reaches === undefined ? [] : [`${reaches} reach a provider`]),
  ].join("; ");
}

/** What a row wants, as a sentence. */
export function expected(row: Row): string {
  if (isFlow(row)) return row.wants;
  if (isLetter(row)) return answersOf(row);
  const { expect } = row;
  if (expect.see === "next") return "the next candidate answers";
  if (expect.see === "answer") return "its answer, complete";
  if (expect.see === "broken") return `the prefix, one error event (${expect.code}), no success terminator`;
  return `${expect.status} ${expect.code ?? "without a code"}`;
}
