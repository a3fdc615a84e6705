// Agent ids as OpenClaw normalises them (OpenClaw §1.6).

/** The agent that exists when the file names none. */
export const MAIN_AGENT = "main";
const LENGTH_MAX = 64;

/** Lower-case letters, digits, `_` and `-`, at most 64; anything else becomes `-`, and nothing becomes `main`. */
export function agentIdOf(written: string): string {
  const id = written
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, LENGTH_MAX);
  return id === "" ? MAIN_AGENT : id;
}
