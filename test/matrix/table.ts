// The table of the matrix in the README: written from what a run found, between two marks. Compared by the test, rewritten by `npm run matrix`.
import { readFileSync, writeFileSync } from "node:fs";
import type { Feature } from "./features.ts";
import type { Api } from "./stage.ts";
import type { Client } from "./talk.ts";

const README = new URL("../../README.md", import.meta.url);
const BEGIN = "<!-- matrix: written by `npm run matrix` -->";
const END = "<!-- matrix: end -->";

/** What a run found in one cell. */
export interface Cell {
  readonly client: Client;
  readonly api: Api;
  readonly feature: Feature;
  readonly isGreen: boolean;
}

/** What the README says. */
export function readTable(): string {
  const text = readFileSync(README, "utf8");
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

/** Puts a table into the README. */
export function writeTable(table: string): void {
  const text = readFileSync(README, "utf8");
  const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  writeFileSync(README, `${before}\n\n${table}\n\n${text.slice(text.indexOf(END))}`);
}

/** The tables of these cells: the official libraries by feature, `ai` by provider, and below them what some libraries cannot show. */
export function tableOf(cells: readonly Cell[], features: readonly Feature[]): string {
  const isAi = ({ client }: Cell): boolean => client.name.startsWith("ai ");
  const notes = new Notes(cells);
  const official = cells.filter((cell) => !isAi(cell));
  return [
    ...byFeature(official, features, notes),
    "",
    ...byProvider(cells.filter(isAi), features, notes),
    "",
    ...notes.lines,
  ].join("\n");
}

function byFeature(cells: readonly Cell[], features: readonly Feature[], notes: Notes): string[] {
  const rows = distinct(cells, ({ client, api }) => `${client.name} ${api}`).map(({ client, api }) => {
    const marks = features.map((feature) => {
      const isGreen = cells.find(
        (each) => each.client === client && each.api === api && each.feature === feature,
      )?.isGreen;
      return `${isGreen === true ? "✓" : "**✗**"}${notes.of(client, feature)}`;
    });
    return [client.name, `\`${api}\``].concat(marks);
  });
  return tableLines([["client", "provider", ...features], ...rows]);
}

function byProvider(cells: readonly Cell[], features: readonly Feature[], notes: Notes): string[] {
  const apis = distinct(cells, ({ api }) => api).map(({ api }) => api);
  const rows = distinct(cells, ({ client }) => client.name).map(({ client }) => {
    const mark = [...new Set(features.map((feature) => notes.of(client, feature)))].join("");
    const counts = apis.map((api) => {
      const green = cells.filter((each) => each.client === client && each.api === api && each.isGreen);
      return `${green.length} of ${features.length}${mark}`;
    });
    return [client.name].concat(counts);
  });
  return tableLines([["client", ...apis.map((api) => `\`${api}\``)], ...rows]);
}

function distinct(cells: readonly Cell[], key: (cell: Cell) => string): Cell[] {
  return [...new Map(cells.map((cell) => [key(cell), cell])).values()];
}

/** Lines of a table as the formatter writes them; the first row is its head. */
function tableLines([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((each, at) => each.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

const MARKS = ["¹", "²", "³", "⁴", "⁵"];

/** Notes below the table: what a library itself cannot show or give back. */
class Notes {
  readonly #notes: readonly string[];

  constructor(cells: readonly Cell[]) {
    this.#notes = [
      ...new Set(cells.flatMap(({ client }) => Object.values(client.lacks ?? {}).map((why) => said(client, why)))),
    ];
  }

  get lines(): string[] {
    return this.#notes.map((note, at) => `${MARKS[at]} ${note}.${at === this.#notes.length - 1 ? "" : "\\"}`);
  }

  /** The marks of a client's notes on a feature. */
  of(client: Client, feature: Feature): string {
    const { thought, proof, message } = client.lacks ?? {};
    const whys = { reasoning: [thought, proof], error: [message] }[feature as "reasoning" | "error"] ?? [];
    const marks = whys.flatMap((why) =>
      why === undefined ? [] : (MARKS[this.#notes.indexOf(said(client, why))] ?? []),
    );
    return [...new Set(marks)].join("");
  }
}

function said({ name }: Client, why: string): string {
  return `${name}: ${why}`;
}
