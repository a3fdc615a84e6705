// Request bodies as bytes: the scanner and the splicer, against JSON.parse.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Body } from "../../../src/core/body.ts";
import { numberOf } from "../../../src/core/exact-integers.ts";
import { isJsonObject, type Json } from "../../../src/core/json.ts";
import { isScanFault } from "../../../src/core/json-scan.ts";
import { type ByteEdit, byteEdits, mangled } from "../mutations.ts";
import { type FuzzTarget, target } from "../target.ts";

const NUMBERS = ["0", "-0", "1E400", "-1e-400", "12345678901234567890", "0.10000000000000000555", "1e+5"];
const STRINGS = ['""', '"\\u0000"', '"\\ud800"', '"\\\\"', '"\\""', '"\u{1f99e}"', '"}],{["', '"a\\/b"', '"\\u0061"'];
const KEYS = ['"a"', '"b"', '"model"', '"mod\\u0065l"', '"\u00e9"', '"\\""', '"__proto__"', '"constructor"', '""'];
const space = fc.constantFrom("", "", " ", "\n", "\r\n\t ");

/** JSON as texts that JSON.stringify would never write. */
const { value } = fc.letrec<{ value: string; members: string; items: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...NUMBERS, ...STRINGS, "true", "false", "null"),
    tie("items"),
    tie("members"),
  ),
  items: fc
    .tuple(space, fc.array(tie("value"), { maxLength: 3 }))
    .map(([gap, each]) => `[${gap}${each.join(`${gap},`)}${gap}]`),
  members: fc
    .tuple(space, fc.array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 3 }))
    .map(([gap, each]) => `{${gap}${each.map(([key, of]) => `${key}${gap}:${of}`).join(`,${gap}`)}}`),
}));
const object = fc
  .tuple(
    space,
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), value), {
      maxLength: 6,
      selector: ([key]) => JSON.parse(key) as string,
    }),
  )
  .map(
    ([gap, each]) => `${gap}{${gap}${each.map(([key, of]) => `${key}${gap}:${gap}${of}`).join(`${gap},`)}${gap}}${gap}`,
  );

const editKeys = fc.constantFrom("a", "b", "model", "\u00e9", '"', "__proto__", "new");
const edits = fc.array(
  fc.tuple(editKeys, fc.oneof(fc.constant([]), fc.tuple(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>))),
  {
    maxLength: 4,
  },
);

/** An edit without a value takes the key out. */
interface Spliced {
  readonly text: string;
  readonly edits: readonly (readonly [key: string, value: readonly Json[]])[];
}

/** Own members only: `__proto__` is a key like any other. */
const ownOf = (tree: object): Map<string, unknown> => new Map(Object.entries(tree));
const sorted = (map: ReadonlyMap<string, unknown>): unknown[] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

function splices({ text, edits: list }: Spliced): void {
  const source = Body.fromBytes(Buffer.from(text));
  assert.ok(!isScanFault(source), "JSON with distinct keys is taken");
  const changes = new Map(list.map(([key, [to]]) => [key, to]));
  const after = source.with(changes);
  const expected = ownOf(JSON.parse(text) as object);
  for (const [key, to] of changes) {
    if (to === undefined) expected.delete(key);
    else expected.set(key, JSON.parse(JSON.stringify(to)));
  }
  const bytes = after.bytes();
  assert.deepEqual(sorted(ownOf(JSON.parse(bytes.toString()) as object)), sorted(expected));
  for (const key of source.keys()) {
    if (changes.has(key)) continue;
    const [was, is] = [source.member(key), after.member(key)];
    assert.ok(was && is && after.raw(is).equals(source.raw(was)), "what nobody changed keeps its bytes");
  }
  const added = [...changes].reduce((sum, [key, to]) => sum + JSON.stringify([key, to ?? 0]).length * 3, 0);
  assert.ok(bytes.length <= Buffer.byteLength(text) + added, "it grows by what is put in");
}

const pieces = ['"', "{", "}", "[", "]", ",", ":", "\\", '"a":1', ',"a":2', "\u00c3", "1", "-", "null", "\u0000"];
interface Mangled {
  readonly text: string;
  readonly edits: readonly ByteEdit[];
}

/** A key with a backslash makes V8 read later keys wrongly (nodejs/node#63785), so it must never reach JSON.parse here. */
const CONFUSES_V8 = /\\\\|\\u005c/i;

function scans({ text, edits: list }: Mangled): void {
  const written = mangled(Buffer.from(text).toString("latin1"), list);
  if (CONFUSES_V8.test(written)) return;
  const bytes = Buffer.from(written, "latin1");
  const body = Body.fromBytes(bytes);
  const parsed = parsedObject(bytes);
  if (isScanFault(body)) {
    const isFine = parsed !== null && !["duplicate-key", "too-deep"].includes(body.why);
    assert.ok(!isFine, `refused as ${body.why}, and JSON.parse takes it`);
    return;
  }
  const members = [...body.keys()].map((key) => [key, valueOf(body, key)] as const);
  // What a key holds is the provider's to judge, as all else below the top level.
  const isWhole = members.every(([key, value]) => value !== undefined && ![...key].some((letter) => letter < " "));
  if (isWhole) assert.ok(parsed !== null, "JSON where every member is JSON");
  if (parsed === null) return;
  assert.deepEqual(sorted(ownOf(parsed)), sorted(new Map(members)));
}

function valueOf(body: Body, key: string): Json | undefined {
  try {
    const value = body.get(key);
    return value === undefined ? undefined : inNumbers(value);
  } catch {
    return undefined;
  }
}

/** Integers that are kept as they are written, as JSON.parse has them. */
function inNumbers(value: Json): Json {
  const number = numberOf(value);
  if (number !== null) return number;
  if (Array.isArray(value)) return (value as readonly Json[]).map(inNumbers);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inNumbers(each)]));
}

function parsedObject(bytes: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Laws of bodies. */
export const SPLICING: readonly FuzzTarget[] = [
  target<Spliced>({
    name: "splice",
    says: "A spliced body parses to the edited object, and every other member keeps its bytes.",
    cost: 1,
    input: fc.record({ text: object, edits }),
    check: splices,
  }),
  target<Mangled>({
    name: "scan",
    says: "The scanner takes what JSON.parse takes for an object with distinct keys, and finds the same members.",
    cost: 1,
    input: fc.record({ text: object, edits: byteEdits(pieces) }),
    check: scans,
  }),
];
