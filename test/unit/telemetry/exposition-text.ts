// Reads Prometheus text format 0.0.4 as strictly as a scraper would, and complains where the format is broken.
// https://prometheus.io/docs/instrumenting/exposition_formats/

/** A family as it was read. */
export interface ReadFamily {
  readonly help: string;
  readonly type: string;
  /** Series as written, `name{labels}`, to its value. */
  readonly samples: Map<string, number>;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const NUMBER = /^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** The families by name; throws at the first thing that a scraper would not take. */
export function readExposition(text: string): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>();
  if (text === "") return families;
  if (!text.endsWith("\n")) throw new Error("the last line has no line feed");
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const header = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (header === null) readSample(line, families, current);
    else current = readHeader(header, families);
  }
  for (const [name, family] of families) check(name, family);
  return families;
}

/** Series names without the bucket ones, in order. */
export function seriesOf(families: ReadonlyMap<string, ReadFamily>): string[] {
  const names = [...families.values()].flatMap(({ samples }) => Array.from(samples.keys()));
  return names.filter((name) => !name.includes("_bucket{"));
}

/** The label pairs of a series as written, unescaped. */
export function labelsOf(series: string): Map<string, string> {
  const inside = SAMPLE.exec(`${series} 0`)?.[2] ?? "";
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inside.length) {
    const [, name = "", value = ""] = LABEL.exec(inside) ?? [];
    if (name === "") throw new Error(`broken labels: ${inside}`);
    if (labels.has(name)) throw new Error(`label ${name} twice: ${inside}`);
    labels.set(
      name,
      value.replace(/\\(.)/g, (_all, sign: string) => (sign === "n" ? "\n" : sign)),
    );
  }
  return labels;
}

function readHeader(header: RegExpExecArray, families: Map<string, ReadFamily>): string {
  const [, word, name = "", rest = ""] = header;
  if (word === "HELP") {
    if (families.has(name)) throw new Error(`family ${name} twice`);
    families.set(name, { help: rest, type: "", samples: new Map() });
  } else {
    const family = families.get(name);
    if (family === undefined || family.type !== "") throw new Error(`TYPE of ${name} out of place`);
    families.set(name, { ...family, type: rest });
  }
  return name;
}

function readSample(line: string, families: ReadonlyMap<string, ReadFamily>, current: string): void {
  const [, name = "", , value = ""] = SAMPLE.exec(line) ?? [];
  const family = families.get(current);
  if (name === "" || family === undefined) throw new Error(`not a sample: ${line}`);
  if (name.replace(family.type === "histogram" ? /_(?:bucket|sum|count)$/ : /$^/, "") !== current)
    throw new Error(`${name} stands under ${current}`);
  if (!NUMBER.test(value)) throw new Error(`not a number: ${line}`);
  const series = line.slice(0, -value.length - 1);
  labelsOf(series);
  if (family.samples.has(series)) throw new Error(`series twice: ${series}`);
  family.samples.set(series, Number(value.replace("Inf", "Infinity")));
}

function check(name: string, { type, samples }: ReadFamily): void {
  if (!["counter", "gauge", "histogram"].includes(type)) throw new Error(`${name} has type ${type}`);
  if (type === "counter" && !name.endsWith("_total")) throw new Error(`${name} is a counter without _total`);
  if (type === "histogram") checkBuckets(name, samples);
}

/** Buckets are cumulative, ascending, and end with +Inf, which is the count. */
function checkBuckets(name: string, samples: ReadonlyMap<string, number>): void {
  let before = { bound: Number.NEGATIVE_INFINITY, count: 0 };
  for (const [series, count] of samples) {
    if (series.startsWith(`${name}_count`)) {
      if (before.bound !== Number.POSITIVE_INFINITY || before.count !== count) throw new Error(`${series} is not +Inf`);
      before = { bound: Number.NEGATIVE_INFINITY, count: 0 };
    }
    if (!series.startsWith(`${name}_bucket`)) continue;
    const bound = Number((labelsOf(series).get("le") ?? "").replace("Inf", "Infinity"));
    if (!(bound > before.bound) || count < before.count) throw new Error(`${series} is out of order`);
    before = { bound, count };
  }
}
