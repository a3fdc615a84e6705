// Which extra diagnostics are switched on (`diagnostics.flags`, OPENCLAW_DIAGNOSTICS): names with dots, `*` for any part of one.

const SPECIAL = /[.+?^${}()|[\]\\]/g;

/** Tells whether a name is switched on. Names that nobody here knows are for other programs that read the same file. */
export function flagsOf(flags: readonly string[]): (name: string) => boolean {
  const patterns = flags.map((flag) => new RegExp(`^${flag.replace(SPECIAL, "\\$&").replaceAll("*", ".*")}$`, "i"));
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const isOn = patterns.some((pattern) => pattern.test(name));
    known.set(name, isOn);
    return isOn;
  };
}
