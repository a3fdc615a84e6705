// The oldest Node that this program runs on: the first of its line with the fixes of Node's HTTP parser and client that a door to the outside
// leans on (CVE-2026-21710, a header that crashes; CVE-2026-48931, bytes nobody asked for on an idle connection).

/** The same as `engines` of package.json. */
export const NODE_FLOOR = "24.17.0";

/** Why this Node will not do, from its `process.versions.node`; null when it will. */
export function nodeFault(version: string): string | null {
  if (compared(version, NODE_FLOOR) >= 0) return null;
  return `Node ${NODE_FLOOR} or newer is needed for its fixes of HTTP; this is ${version}`;
}

/** Negative when `a` is the older one. */
function compared(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  return version.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
}
