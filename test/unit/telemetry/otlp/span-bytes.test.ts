// Our bytes of spans and the SDK's own: the same, byte for byte, whatever is in the spans.
import { type AnyValue, type Attributes, type HrTime, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpanBytes } from "../../../../src/telemetry/otlp/span-bytes.ts";

const RESOURCES = [
  resourceFromAttributes({ "service.name": "edge", "service.version": "1" }),
  resourceFromAttributes({ "service.name": "é" }, { schemaUrl: "https://example.com/schema" }),
];
const SCOPES = [
  { name: "edge", version: "1.2.3" },
  { name: "" },
  { name: "other", schemaUrl: "https://example.com/s" },
];

function hex(digits: number) {
  return fc.array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits }).map((all) => {
    return all.map((digit) => digit.toString(16)).join("");
  });
}

/** Lone surrogates among them: clients may write such things. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 400 }),
  fc.constantFrom(
    "chat",
    "gpt-4o",
    "\ud800",
    "a\udfff".repeat(90),
    "ü".repeat(63),
    "ü".repeat(64),
    "a".repeat(127),
    "a".repeat(128),
    "€".repeat(6000),
  ),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, -1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 62, 0.5),
);
const { value } = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const attributes = fc.dictionary(text, value, { maxKeys: 12, noNullPrototype: true }) as fc.Arbitrary<Attributes>;
const time = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 33 }),
  fc.integer({ min: 0, max: 999_999_999 }),
) as fc.Arbitrary<HrTime>;
const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }));
const context = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  traceFlags: fc.integer({ min: 0, max: 255 }),
  isRemote: fc.constantFrom(true, false),
  traceState: fc.option(
    text.map((of) => ({ serialize: () => of }) as never),
    { nil: undefined },
  ),
});
const span = fc.record({
  name: text,
  kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER),
  spanContext: context.map((of) => () => of),
  parentSpanContext: fc.option(context, { nil: undefined }),
  startTime: time,
  endTime: time,
  status: fc.record({
    code: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR),
    message: fc.option(text, { nil: undefined }),
  }),
  attributes,
  links: fc.array(
    fc.record({ context, attributes: fc.option(attributes, { nil: undefined }), droppedAttributesCount: count }),
    {
      maxLength: 3,
    },
  ),
  events: fc.array(
    fc.record({
      time,
      name: text,
      attributes: fc.option(attributes, { nil: undefined }),
      droppedAttributesCount: count,
    }),
    { maxLength: 4 },
  ),
  droppedAttributesCount: count,
  droppedEventsCount: count,
  droppedLinksCount: count,
  resource: fc.constantFrom(...RESOURCES),
  instrumentationScope: fc.constantFrom(...SCOPES),
}) as unknown as fc.Arbitrary<ReadableSpan>;

function theirs(spans: ReadableSpan[]): Buffer {
  return Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []);
}

describe("the bytes of an export", () => {
  // One for all, as it is used: keys stay known and the memory grows.
  const ours = new SpanBytes();

  it("are those of the SDK's own serializer", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
        expect(Buffer.from(ours.of(spans)).equals(theirs(spans))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("stay what they were when the next export is written", () => {
    const [first, second] = fc.sample(fc.array(span, { minLength: 2, maxLength: 4 }), 2) as [
      ReadableSpan[],
      ReadableSpan[],
    ];
    const before = ours.of(first);
    ours.of(second);
    expect(Buffer.from(before).equals(theirs(first))).toBe(true);
  });

  it("know no more keys than there is room for", () => {
    const [one] = fc.sample(span, 1) as [ReadableSpan];
    const keys = Array.from({ length: 2_000 }, (_, at) => [`key ${at}`, at] as const);
    const many = [{ ...one, attributes: Object.fromEntries(keys) }];
    for (let turn = 0; turn < 2; turn += 1) expect(Buffer.from(ours.of(many)).equals(theirs(many))).toBe(true);
  });
});
