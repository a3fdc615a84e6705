// Time stamps of log lines. Formatting a date costs more than the rest of a line, so the part that changes once a second is kept.

let second = Number.NaN;
let untilMs = "";

/** Unix milliseconds as ISO 8601 in UTC: `2026-01-02T03:04:05.678Z`. */
export function isoTime(wallMs: number): string {
  const whole = Math.floor(wallMs / 1000);
  if (whole !== second) {
    untilMs = new Date(whole * 1000).toISOString().slice(0, -4);
    second = whole;
  }
  const ms = Math.floor(wallMs - whole * 1000);
  return `${untilMs}${String(ms).padStart(3, "0")}Z`;
}
