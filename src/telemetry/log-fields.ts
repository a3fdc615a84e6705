// Values that somebody logs, made fit for a line: secrets out, errors with their causes, bounded in depth, breadth and length. Whatever
// it is given, it returns something and never throws.
import type { Json } from "../core/json.ts";
import { Secret } from "../core/secret.ts";
import { masked, type Redact } from "./redact.ts";
import { isSecretName } from "./secret-patterns.ts";

/** What may be logged beside a message. */
export type LogFields = Readonly<Record<string, unknown>>;

const DEPTH_MAX = 6;
const ENTRIES_MAX = 64;
const TEXT_LENGTH_MAX = 8 * 1024;

/** The fields with everything secret taken out, as JSON. */
export function loggable(fields: LogFields, redact: Redact): Record<string, Json> {
  return new Cleaner(redact).entries(Object.entries(fields), 0);
}

/** A text that fits a line: redacted, then cut. */
export function loggableText(text: string, redact: Redact): string {
  const cleaned = redact(text);
  return cleaned.length <= TEXT_LENGTH_MAX ? cleaned : `${cleaned.slice(0, TEXT_LENGTH_MAX)}…`;
}

class Cleaner {
  readonly #redact: Redact;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  entries(entries: readonly (readonly [string, unknown])[], depth: number): Record<string, Json> {
    const cleaned: Record<string, Json> = {};
    for (const [name, value] of entries.slice(0, ENTRIES_MAX)) {
      const json = isSecretName(name) && typeof value === "string" ? masked(value) : this.value(value, depth + 1);
      if (json !== undefined) cleaned[loggableText(name, this.#redact)] = json;
    }
    return cleaned;
  }

  value(value: unknown, depth: number): Json | undefined {
    switch (typeof value) {
      case "string":
        return loggableText(value, this.#redact);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "boolean":
        return value;
      case "bigint":
        return String(value);
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return undefined;
    }
  }

  #object(value: object, depth: number): Json {
    if (value instanceof Secret) return value.toJSON();
    if (depth > DEPTH_MAX) return "[deep]";
    try {
      if (value instanceof Error) return this.#error(value, depth);
      if (value instanceof Date) return value.toJSON();
      // Bytes may be a body; bodies are never logged.
      if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
      if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((item) => this.value(item, depth + 1) ?? null);
      if (value instanceof Map) return this.entries(namedEntries(value), depth);
      if (value instanceof Set) return this.#object([...value], depth);
      return this.entries(Object.entries(value), depth);
    } catch {
      return "[unreadable]";
    }
  }

  /** Name, message, stack, code and whatever else it holds, its cause and its errors included. */
  #error(error: Error, depth: number): Json {
    const { name, message, stack, cause } = error;
    const named = { type: name, message, ...(stack === undefined ? {} : { stack }) };
    const more = {
      ...error,
      ...(cause === undefined ? {} : { cause }),
      ...(isAggregate(error) && { errors: error.errors }),
    };
    return { ...this.entries(Object.entries(more), depth), ...this.entries(Object.entries(named), depth) };
  }
}

function isAggregate(error: Error): error is AggregateError {
  return error instanceof AggregateError;
}

function namedEntries(map: ReadonlyMap<unknown, unknown>): (readonly [string, unknown])[] {
  return [...map].map(([name, value]) => [String(name), value] as const);
}
