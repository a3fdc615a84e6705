import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { sampleOf } from "../../../src/mock/schema-sample.ts";
import { seededRandom } from "../../../src/mock/seeded-random.ts";

const source = () => ({ random: seededRandom(1), text: () => "word" });
const sample = (schema: JsonObject) => sampleOf(schema, source());

describe("sampleOf", () => {
  it.each<[string, JsonObject, unknown]>([
    ["nothing said", {}, "word"],
    ["const", { const: { a: 1 } }, { a: 1 }],
    ["enum", { type: "string", enum: ["red", "green"] }, "red"],
    ["default", { type: "integer", default: 42 }, 42],
    ["string", { type: "string" }, "word"],
    ["string with bounds", { type: "string", minLength: 6, maxLength: 8 }, "wordxx"],
    ["string too short for the word", { type: "string", maxLength: 2 }, "wo"],
    ["string of a format", { type: "string", format: "date" }, "2026-01-02"],
    ["string of a foreign format", { type: "string", format: "constructor" }, "word"],
    ["boolean", { type: "boolean" }, true],
    ["null", { type: "null" }, null],
    ["several types", { type: ["null", "boolean"] }, true],
    ["integer with a minimum", { type: "integer", minimum: 2.5 }, 3],
    ["integer above an open minimum", { type: "integer", exclusiveMinimum: 3 }, 4],
    ["integer below a maximum", { type: "integer", maximum: -5 }, -5],
    ["number in steps", { type: "number", minimum: 1, multipleOf: 0.25 }, 1],
    ["array", { type: "array", items: { type: "boolean" } }, [true]],
    ["array of at least two", { type: "array", items: { type: "boolean" }, minItems: 2 }, [true, true]],
    ["array of none", { type: "array", maxItems: 0 }, []],
    ["tuple", { type: "array", prefixItems: [{ type: "null" }, { type: "boolean" }] }, [null, true]],
    [
      "object: the required",
      { type: "object", properties: { a: { type: "null" }, b: {} }, required: ["a"] },
      { a: null },
    ],
    [
      "object: all when none is required",
      { properties: { a: { type: "null" }, b: { type: "boolean" } } },
      { a: null, b: true },
    ],
    ["object: required and not described", { type: "object", required: ["a"] }, { a: "word" }],
    ["anyOf", { anyOf: [{ type: "boolean" }, { type: "null" }] }, true],
    ["oneOf", { oneOf: [{ const: 1 }] }, 1],
    ["allOf", { allOf: [{ $ref: "#/$defs/a" }], $defs: { a: { const: 1 } } }, 1],
    ["$ref", { $ref: "#/$defs/a~1b", $defs: { "a/b": { $ref: "#/$defs/c" }, c: { const: 1 } } }, 1],
    ["$ref that leads nowhere", { $ref: "#/$defs/none" }, "word"],
    ["$ref in a circle", { $ref: "#" }, "word"],
  ])("samples %s", (_what, schema, expected) => {
    expect(sample(schema)).toEqual(expected);
  });

  it("draws a digit for an integer without bounds, the same for the same seed", () => {
    const drawn = sample({ type: "integer" });
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9]).toContain(drawn);
    expect(sample({ type: "integer" })).toBe(drawn);
  });

  it.each<[string, JsonObject]>([
    ["a recursive schema", { type: "object", properties: { next: { $ref: "#" } }, required: ["next"] }],
    ["a recursive array", { type: "array", minItems: 60, items: { $ref: "#" } }],
    ["an enormous array", { type: "array", minItems: 1e9, items: { type: "boolean" } }],
    ["an enormous string", { type: "string", minLength: 1e9 }],
  ])("keeps %s small", (_what, schema) => {
    expect(JSON.stringify(sample(schema)).length).toBeLessThan(20_000);
  });

  it("takes __proto__ for a name like any other", () => {
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"const":1}}}') as JsonObject;
    expect(JSON.stringify(sample(schema))).toBe('{"__proto__":1}');
  });
});
