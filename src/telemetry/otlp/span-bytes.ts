// Spans as OTLP's protobuf messages. The SDK's own serializer measures and writes text by text, character by character: two spans of ours
// took it 330,000 instructions and more, two thirds of what a trace cost (bench/README.md, "Counted, not timed"). Its bytes are what these are held against in tests.
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
import type { AnyValue, Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { ProtoWriter } from "./proto-writer.ts";

type Resource = ReadableSpan["resource"];
type Scope = ReadableSpan["instrumentationScope"];
type SpanContext = ReturnType<ReadableSpan["spanContext"]>;
type Scopes = Map<Scope, ReadableSpan[]>;

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;
const TRACE_FLAGS = 0xff;
const INTEGER_MAX = 2 ** 63;

/** How much is known at most: some 60 names, of which half have few values. */
const KNOWN_NAMES = 256;
const KNOWN_VALUES = 32;
const KNOWN_BYTES = 128;

const REQUEST = { resourceSpans: 1 } as const;
const RESOURCE_SPANS = { resource: 1, scopeSpans: 2, schemaUrl: 3 } as const;
const RESOURCE = { attributes: 1, droppedAttributesCount: 2 } as const;
const SCOPE_SPANS = { scope: 1, spans: 2, schemaUrl: 3 } as const;
const SCOPE = { name: 1, version: 2 } as const;
const SPAN = {
  traceId: 1,
  spanId: 2,
  traceState: 3,
  parentSpanId: 4,
  name: 5,
  kind: 6,
  startTime: 7,
  endTime: 8,
  attributes: 9,
  droppedAttributesCount: 10,
  events: 11,
  droppedEventsCount: 12,
  links: 13,
  droppedLinksCount: 14,
  status: 15,
  flags: 16,
} as const;
const EVENT = { time: 1, name: 2, attributes: 3, droppedAttributesCount: 4 } as const;
const LINK = { traceId: 1, spanId: 2, traceState: 3, attributes: 4, droppedAttributesCount: 5, flags: 6 } as const;
const STATUS = { message: 2, code: 3 } as const;
const KEY_VALUE = { key: 1, value: 2 } as const;
const ANY_VALUE = { text: 1, truth: 2, integer: 3, double: 4, list: 5, map: 6, bytes: 7 } as const;
/** Of lists and maps alike. */
const ITEMS = 1;

/** Writes exports, one after the other. */
export class SpanBytes {
  readonly #to = new ProtoWriter();
  readonly #known = new KnownAttributes();

  /** The message of an export (`ExportTraceServiceRequest`). */
  of(spans: readonly ReadableSpan[]): Uint8Array {
    const to = this.#to;
    // Also of one that broke off.
    to.clear();
    for (const [resource, scopes] of grouped(spans)) {
      const begun = to.open(REQUEST.resourceSpans, 3);
      writeResource(to, resource);
      for (const [scope, members] of scopes) this.#writeScopeSpans(scope, members);
      if (resource.schemaUrl) to.text(RESOURCE_SPANS.schemaUrl, resource.schemaUrl);
      to.close(begun);
    }
    return to.all();
  }

  #writeScopeSpans({ name, version, schemaUrl }: Scope, spans: readonly ReadableSpan[]): void {
    const to = this.#to;
    const all = to.open(RESOURCE_SPANS.scopeSpans, 3);
    const scope = to.open(SCOPE_SPANS.scope, 1);
    to.text(SCOPE.name, name);
    if (version) to.text(SCOPE.version, version);
    to.close(scope);
    for (const span of spans) this.#writeSpan(span);
    if (schemaUrl) to.text(SCOPE_SPANS.schemaUrl, schemaUrl);
    to.close(all);
  }

  #writeSpan(span: ReadableSpan): void {
    const to = this.#to;
    const { attributes, events, links, name, kind, parentSpanContext: parent } = span;
    const context = span.spanContext();
    const begun = to.open(SCOPE_SPANS.spans, 2);
    to.hex(SPAN.traceId, context.traceId);
    to.hex(SPAN.spanId, context.spanId);
    writeTraceState(to, SPAN.traceState, context);
    if (parent?.spanId) to.hex(SPAN.parentSpanId, parent.spanId);
    to.text(SPAN.name, name);
    // There, 0 is a kind that nobody has told.
    to.varint(SPAN.kind, kind + 1);
    to.nanoseconds(SPAN.startTime, span.startTime);
    to.nanoseconds(SPAN.endTime, span.endTime);
    for (const name of Object.keys(attributes)) this.#known.write(to, name, attributes[name]);
    to.varint(SPAN.droppedAttributesCount, span.droppedAttributesCount);
    for (const event of events) writeEvent(to, event);
    to.varint(SPAN.droppedEventsCount, span.droppedEventsCount);
    for (const link of links) writeLink(to, link);
    to.varint(SPAN.droppedLinksCount, span.droppedLinksCount);
    writeStatus(to, span.status);
    to.fixed32(SPAN.flags, flagsOf(context, parent?.isRemote));
    to.close(begun);
  }
}

/** Attributes of spans as they were written before: most say the same of every request. */
class KnownAttributes {
  readonly #known = new Map<string, Map<AnyValue, Uint8Array>>();

  write(to: ProtoWriter, name: string, value: AnyValue): void {
    const values = this.#known.get(name);
    const known = values?.get(value);
    if (known !== undefined) {
      to.again(known);
      return;
    }
    const from = to.at;
    writeAttribute(to, SPAN.attributes, [name, value]);
    if (typeof value === "object" || to.at - from > KNOWN_BYTES) return;
    if (values === undefined) {
      if (this.#known.size < KNOWN_NAMES) this.#known.set(name, new Map([[value, to.since(from)]]));
    } else if (values.size < KNOWN_VALUES) values.set(value, to.since(from));
  }
}

function grouped(spans: readonly ReadableSpan[]): Map<Resource, Scopes> {
  const resources = new Map<Resource, Scopes>();
  for (const span of spans) {
    const scopes = made(resources, span.resource, () => new Map<Scope, ReadableSpan[]>());
    made(scopes, span.instrumentationScope, () => []).push(span);
  }
  return resources;
}

function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const value = make();
  map.set(key, value);
  return value;
}

function writeResource(to: ProtoWriter, { attributes }: Resource): void {
  const begun = to.open(RESOURCE_SPANS.resource, 2);
  writeAttributes(to, RESOURCE.attributes, attributes);
  to.varint(RESOURCE.droppedAttributesCount, 0);
  to.close(begun);
}

function writeEvent(to: ProtoWriter, event: ReadableSpan["events"][number]): void {
  const begun = to.open(SPAN.events, 1);
  to.nanoseconds(EVENT.time, event.time);
  to.text(EVENT.name, event.name);
  if (event.attributes !== undefined) writeAttributes(to, EVENT.attributes, event.attributes);
  to.varint(EVENT.droppedAttributesCount, event.droppedAttributesCount ?? 0);
  to.close(begun);
}

function writeLink(to: ProtoWriter, { context, attributes, droppedAttributesCount }: ReadableSpan["links"][number]) {
  const begun = to.open(SPAN.links, 1);
  to.hex(LINK.traceId, context.traceId);
  to.hex(LINK.spanId, context.spanId);
  writeTraceState(to, LINK.traceState, context);
  if (attributes !== undefined) writeAttributes(to, LINK.attributes, attributes);
  to.varint(LINK.droppedAttributesCount, droppedAttributesCount ?? 0);
  to.fixed32(LINK.flags, flagsOf(context, context.isRemote));
  to.close(begun);
}

function writeStatus(to: ProtoWriter, { code, message }: ReadableSpan["status"]): void {
  const begun = to.open(SPAN.status, 1);
  if (message) to.text(STATUS.message, message);
  to.varint(STATUS.code, code);
  to.close(begun);
}

function writeTraceState(to: ProtoWriter, field: number, { traceState }: SpanContext): void {
  const text = traceState?.serialize();
  if (text) to.text(field, text);
}

function flagsOf({ traceFlags }: SpanContext, isRemote = false): number {
  return (traceFlags & TRACE_FLAGS) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}

function writeAttributes(to: ProtoWriter, field: number, attributes: Attributes): void {
  for (const attribute of Object.entries(attributes)) writeAttribute(to, field, attribute);
}

function writeAttribute(to: ProtoWriter, field: number, [name, value]: readonly [string, AnyValue]): void {
  const begun = to.open(field, 1);
  to.text(KEY_VALUE.key, name);
  writeValue(to, KEY_VALUE.value, value);
  to.close(begun);
}

function writeValue(to: ProtoWriter, field: number, value: AnyValue): void {
  const begun = to.open(field, 1);
  if (typeof value === "string") to.text(ANY_VALUE.text, value);
  else if (typeof value === "number") writeNumber(to, value);
  else if (typeof value === "boolean") to.varint(ANY_VALUE.truth, value ? 1 : 0);
  else if (value instanceof Uint8Array) to.bytes(ANY_VALUE.bytes, value);
  else if (Array.isArray(value)) {
    const list = to.open(ANY_VALUE.list, 1);
    for (const item of value) writeValue(to, ITEMS, item);
    to.close(list);
  } else if (typeof value === "object" && value !== null) {
    const map = to.open(ANY_VALUE.map, 1);
    writeAttributes(to, ITEMS, value as Attributes);
    to.close(map);
  }
  to.close(begun);
}

function writeNumber(to: ProtoWriter, value: number): void {
  const isInteger = Number.isInteger(value) && value >= -INTEGER_MAX && value < INTEGER_MAX;
  if (isInteger) to.varint(ANY_VALUE.integer, value);
  else to.double(ANY_VALUE.double, value);
}
