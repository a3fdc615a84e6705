// Metrics of the process: events in, Prometheus text out. Counting is adding to plain numbers; names, labels and figures become text
// only when somebody scrapes.
import type { Clock } from "../core/clock.ts";
import type { Observer } from "../core/events.ts";
import { isSampled } from "../core/ids.ts";
import { Cell, LabelSetBudget, type Mark, Tally } from "./cells.ts";
import { ExportCounts, type NoteExport } from "./export-counts.ts";
import {
  drawExposition,
  EMPTY_EXPOSITION,
  EXPOSITION_TYPE,
  type ExpositionFormat,
  type Family,
  formatFor,
} from "./exposition.ts";
import { FED_METRICS } from "./fed-metrics.ts";
import { genAiMetrics } from "./genai-metrics.ts";
import { HTTP_METRICS } from "./http-metrics.ts";
import { type LabelSources, LabelWords } from "./label-words.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { Ledger } from "./ledger.ts";
import { LABEL_SETS_MAX, STANDING_LABEL_SETS_MAX } from "./names.ts";
import { type ProcessFacts, READ_METRICS, type ReadRow } from "./read-metrics.ts";

/** What metrics are made of. */
export interface MetricsParts extends Omit<ProcessFacts, "seriesDropped">, LabelSources {
  /** False: nothing is shown (`diagnostics.enabled`). Counting goes on, so that a reload can show everything again. */
  readonly enabled: () => boolean;
  /** Also shows the older names of the GenAI conventions. */
  readonly legacyGenAi: boolean;
  /** True while spans are exported: then only traces that have some are worth a mark. */
  readonly tracing: () => boolean;
  readonly clock: Clock;
  /** Resolves after a turn of the event loop. */
  readonly yieldTurn: () => Promise<void>;
  /** What is shown beside the process's own figures; absent where there is one process. */
  readonly gathering?: Gathering;
}

/** Figures of other processes. */
export interface Gathering {
  /** Puts them to the own ones. */
  readonly families: (own: readonly Family[]) => Promise<readonly Family[]>;
  /** Label sets that there was no room for. */
  readonly refused: () => number;
}

/** What a scraper gets. */
export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

/** Metrics as the roof sees them. */
export interface Metrics {
  readonly observe: Observer;
  /** In the format that `Accept` asks for. Drawn at most once a second, however many ask. */
  readonly render: (accept: string | null) => Promise<Scrape>;
  /** The same figures for an exporter that pushes them. */
  readonly gather: () => Promise<readonly Family[]>;
  /** Those of this process alone. */
  readonly families: readonly Family[];
  readonly noteExport: NoteExport;
  readonly stop: () => void;
}

/** How long a drawing is served again, in milliseconds. */
const FRESH_MS = 1000;
const MS_PER_S = 1000;

/** Makes the metrics of one process. */
export function createMetrics(parts: MetricsParts): Metrics {
  const budget = new LabelSetBudget(LABEL_SETS_MAX - STANDING_LABEL_SETS_MAX);
  const standing = new LabelSetBudget(STANDING_LABEL_SETS_MAX);
  const words = new LabelWords(parts);
  const ledger = new Ledger([...FED_METRICS, ...genAiMetrics(parts.legacyGenAi), ...HTTP_METRICS], words, budget);
  const memory = new MemoryWatch(parts.memory, parts.clock, budget);
  const exports = new ExportCounts(budget);
  const seriesDropped = (): number => budget.refused + standing.refused + (parts.gathering?.refused() ?? 0);
  const facts: ProcessFacts = { ...parts, seriesDropped };
  const read = READ_METRICS.map((row) => readFamily(row, { facts, words, budget: standing }));
  const families = [...ledger.families, exports.family, ...memory.families, ...read];
  const gather = async (): Promise<readonly Family[]> => parts.gathering?.families(families) ?? families;
  const drawings: Readonly<Record<ExpositionFormat, Drawing>> = {
    prometheus: new Drawing("prometheus", gather, parts),
    openmetrics: new Drawing("openmetrics", gather, parts),
  };
  return {
    gather,
    families,
    observe: (event) => ledger.hear(event),
    noteExport: exports.note,
    stop: () => memory.stop(),
    async render(accept) {
      const format = formatFor(accept);
      return {
        contentType: EXPOSITION_TYPE[format],
        body: parts.enabled() ? await drawings[format].text() : EMPTY_EXPOSITION[format],
      };
    },
  };
}

/** What a read family reads from, and the room for label sets that stay. */
interface Reading {
  readonly facts: ProcessFacts;
  readonly words: LabelWords;
  readonly budget: LabelSetBudget;
}

/** A family whose figures are read when it is drawn. */
function readFamily(
  { name, help, type, labels, stays, across = "sum", read }: ReadRow,
  { facts, words, budget }: Reading,
): Family {
  const kept = new Tally([], budget);
  const cells = (): readonly Cell[] => {
    const samples = read(facts, words);
    if (stays !== true) return samples.map(([values, value]) => cellOf(values, value));
    for (const cell of kept.cells) cell.count = 0;
    for (const [values, value] of samples) {
      const cell = kept.at(...values);
      cell.count = Math.max(cell.count, value);
    }
    return kept.cells;
  };
  return { name, help, type, across, labelNames: labels, bounds: [], cells };
}

function cellOf(labels: readonly string[], value: number): Cell {
  const cell = new Cell(labels, []);
  cell.count = value;
  return cell;
}

type DrawingParts = Pick<MetricsParts, "clock" | "tracing" | "yieldTurn">;

/** The text of all families, kept while it is fresh; who asks meanwhile waits for the same drawing. */
class Drawing {
  readonly #format: ExpositionFormat;
  readonly #gather: () => Promise<readonly Family[]>;
  readonly #parts: DrawingParts;
  #text: Promise<string> | null = null;
  #freshUntil = 0;

  constructor(format: ExpositionFormat, gather: () => Promise<readonly Family[]>, parts: DrawingParts) {
    this.#format = format;
    this.#gather = gather;
    this.#parts = parts;
  }

  text(): Promise<string> {
    const now = this.#parts.clock.now();
    if (this.#text === null || now >= this.#freshUntil) {
      this.#freshUntil = now + FRESH_MS;
      this.#text = this.#draw(now);
      // Whoever asked hears of the failure; the next one to ask gets a new drawing.
      this.#text.catch(() => {
        this.#text = null;
      });
    }
    return this.#text;
  }

  async #draw(now: number): Promise<string> {
    const { clock, tracing, yieldTurn } = this.#parts;
    const onlySampled = tracing();
    const wallAtZero = clock.wall() - now;
    const secondsOf = ({ at, trace }: Mark): number | null =>
      onlySampled && !isSampled(trace) ? null : Math.round(wallAtZero + at) / MS_PER_S;
    return drawExposition(await this.#gather(), { format: this.#format, secondsOf, yieldTurn });
  }
}
