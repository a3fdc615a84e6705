// Whether a regular expression of the operator may be used on texts of others: a repetition inside a repetition can take exponential
// time. A reading of the source, not a proof: it refuses more than it must, and alternatives that overlap it does not see.

/** A group that is open while the source is read. */
interface Group {
  /** Something inside it repeats. */
  repeats: boolean;
}

const REPETITION = /[*+]|\{(?!1\})\d+(?:,\d*)?\}/y;

/** The source and flags of `/re/flags`, or of a bare source (flags `gi`); null when it is no regular expression or not a safe one. */
export function safePattern(written: string): RegExp | null {
  const literal = /^\/(.*)\/([a-z]*)$/s.exec(written);
  const source = literal?.[1] ?? written;
  if (source === "" || repeatsRepetition(source)) return null;
  try {
    // Sticky would look at the first character only; global is what replacing needs.
    const flags = new Set([...(literal?.[2] ?? "gi").replace("y", ""), "g"]);
    return new RegExp(source, [...flags].join(""));
  } catch {
    return null;
  }
}

/** True when a group that holds a repetition is itself repeated. */
function repeatsRepetition(source: string): boolean {
  const groups: Group[] = [{ repeats: false }];
  for (let at = 0; at < source.length; at += 1) {
    const open = groups.at(-1) as Group;
    const sign = source[at];
    if (sign === "\\") at += 1;
    else if (sign === "[") at = endOfClass(source, at);
    else if (sign === "(") groups.push({ repeats: false });
    else if (sign === ")") {
      const repeated = repeatsAt(source, at + 1);
      if (open.repeats && repeated) return true;
      groups.pop();
      const around = groups.at(-1);
      // More closed than opened: the engine will say so.
      if (around === undefined) return false;
      around.repeats ||= open.repeats || repeated;
    } else if (repeatsAt(source, at)) open.repeats = true;
  }
  return false;
}

/** A quantifier that allows more than one; `?` does not. */
function repeatsAt(source: string, at: number): boolean {
  REPETITION.lastIndex = at;
  return REPETITION.test(source);
}

function endOfClass(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === "]") return at;
  }
  return source.length;
}
