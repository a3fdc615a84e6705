// Names a place in the config: keys and list positions from the root.

/** Keys (text) and list positions (numbers) from the root to one value. */
export type KeyPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;

function segment(part: string | number): string {
  if (typeof part === "number") return `[${part}]`;
  return PLAIN_KEY.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}

/** The path as people write it: `models.providers.local.models[0].id`, `agents.defaults.models["openai/gpt-5.4"].alias`. */
export function formatKeyPath(path: KeyPath): string {
  const written = path.map(segment).join("");
  return written.startsWith(".") ? written.slice(1) : written;
}

/** True for a path in one of these parts, which are written as above. Its beginnings are asked for: there may be thousands of parts. */
export function liesIn(parts: ReadonlySet<string>, path: KeyPath): boolean {
  return path.some((_part, at) => parts.has(formatKeyPath(path.slice(0, at + 1))));
}

/** The value at a path of a plain tree; undefined where the path ends before. */
export function valueAt(tree: unknown, path: KeyPath): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
