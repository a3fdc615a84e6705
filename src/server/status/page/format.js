// Figures and times as people read them. Pure: numbers in, text out.

/** What stands where nothing is known. */
export const NOTHING = "–";

/** Three figures, and a letter for thousands. */
export function number(value) {
  if (value === null) return NOTHING;
  const size = Math.abs(value);
  if (size >= 1e9) return `${figures(value / 1e9)}G`;
  if (size >= 1e6) return `${figures(value / 1e6)}M`;
  if (size >= 1e4) return `${figures(value / 1e3)}k`;
  return figures(value);
}

function figures(value) {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  if (size < 0.005) return value === 0 ? "0" : value.toPrecision(1);
  return value.toFixed(size >= 10 ? 1 : 2).replace(/\.?0+$/, "");
}

/** A duration from microseconds to minutes, as value and unit. */
export function duration(ms) {
  if (ms === null) return [NOTHING, ""];
  if (ms < 1) return [figures(Math.max(1, Math.round(ms * 1000))), "µs"];
  if (ms < 1000) return [ms < 10 ? figures(Math.round(ms * 10) / 10) : figures(Math.round(ms)), "ms"];
  if (ms < 60_000) return [figures(Math.round(ms / (ms < 10_000 ? 10 : 100)) / (ms < 10_000 ? 100 : 10)), "s"];
  return [`${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`, "min"];
}

/** A duration as one text. */
export function span(ms) {
  return duration(ms).join(" ").trim();
}

/** A part of one. */
export function percent(part) {
  if (part === null) return NOTHING;
  const value = part * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.1) return "< 0.1 %";
  return value < 1 || value > 99 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

/** Tokens in and out. An answer that was cut had told so many by then, and may be billed for more. */
export function tokens({ tokensIn, tokensOut, usage }) {
  if (tokensOut === null) return NOTHING;
  return `${number(tokensIn)} → ${number(tokensOut)}${usage === "partial" ? "+" : ""}`;
}

/** Dollars. */
export function dollars(usd) {
  if (usd === null) return NOTHING;
  if (usd === 0) return "$0";
  if (usd < 1e-6) return "< $0.000001";
  return `$${usd >= 100 ? Math.round(usd).toLocaleString("en") : usd >= 0.1 ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** How long ago or until, in the two largest units. */
export function longTime(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The time of day of an instant. */
export function timeOfDay(wall) {
  return new Date(wall).toLocaleTimeString("en-GB");
}

/** One word for one thing, another for several. */
export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Our words with spaces. */
export function words(word) {
  return (word ?? "").replaceAll(/[_-]/g, " ");
}
