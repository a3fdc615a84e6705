// Small violence against values that are right: a subtree of a JSON value in place of another, members that are gone or twice, bytes that are
// others. What comes out is nearly right, which is where readers trip; nonsense alone is refused at the door.
import * as fc from "fast-check";
import type { Json } from "../../src/core/json.ts";

/** One change of a JSON value. */
export interface TreeEdit {
  /** Which of its places, counted and taken modulo their number. */
  readonly at: number;
  readonly do: "set" | "drop" | "twice";
  readonly to: Json;
}

/** Values that readers did not expect. */
const ODD: readonly Json[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 60,
  "",
  " ",
  "\u0000",
  "__proto__",
  "x".repeat(300),
  [],
  {},
  [null],
  [[]],
  [{}],
  { type: null },
  { type: "text" },
  { type: "no_such_type" },
];

/** Changes of a JSON value. */
export const treeEdits: fc.Arbitrary<TreeEdit[]> = fc.array(
  fc.record({
    at: fc.nat(10_000),
    do: fc.constantFrom("set", "set", "set", "drop", "twice"),
    to: fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>),
  }),
  { maxLength: 3 },
);

type Container = Json[] | Record<string, Json>;

/** Every place of a value below its root. */
function placesOf(value: Json, found: [Container, string | number][] = []): [Container, string | number][] {
  if (typeof value !== "object" || value === null) return found;
  const container = value as Container;
  for (const key of Array.isArray(container) ? container.keys() : Object.keys(container)) {
    found.push([container, key]);
    placesOf((container as Record<string | number, Json>)[key] as Json, found);
  }
  return found;
}

/** A copy of the value with the changes made, one after the other. */
export function edited<Value extends Json>(value: Value, edits: readonly TreeEdit[]): Value {
  const copy = structuredClone(value);
  for (const { at, do: what, to } of edits) {
    const places = placesOf(copy);
    const place = places[at % Math.max(1, places.length)];
    if (place === undefined) continue;
    const [container, key] = place;
    if (what === "set") set(container, key, structuredClone(to));
    else if (Array.isArray(container))
      container.splice(Number(key), what === "drop" ? 1 : 0, ...again(container, key, what));
    else if (what === "drop") delete container[key];
    else set(container, `${key}_2`, container[key] as Json);
  }
  return copy;
}

function again(container: Json[], key: string | number, what: "drop" | "twice"): Json[] {
  return what === "drop" ? [] : [structuredClone(container[Number(key)] as Json)];
}

function set(container: Container, key: string | number, value: Json): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

/** One change of a text of bytes. */
export interface ByteEdit {
  readonly at: number;
  /** Bytes that go. */
  readonly cut: number;
  /** Latin-1 text in their place. */
  readonly put: string;
}

/** Changes of bytes; `pieces` are texts that mean something where they are put. */
export function byteEdits(pieces: readonly string[], maxLength = 4): fc.Arbitrary<ByteEdit[]> {
  const put = fc.oneof(fc.constantFrom("", ...pieces), latin1(3));
  return fc.array(fc.record({ at: fc.nat(4_000), cut: fc.oneof(fc.constant(0), fc.nat(8), fc.nat(400)), put }), {
    maxLength,
  });
}

/** Any bytes, as Latin-1 text. */
export function latin1(maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString("latin1"));
}

/** The Latin-1 text with the changes made, one after the other. */
export function mangled(text: string, edits: readonly ByteEdit[]): string {
  let result = text;
  for (const { at, cut, put } of edits) {
    const from = at % (result.length + 1);
    result = result.slice(0, from) + put + result.slice(from + cut);
  }
  return result;
}
