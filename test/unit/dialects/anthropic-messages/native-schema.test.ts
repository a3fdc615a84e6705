import { describe, expect, it } from "vitest";
import { parseExactIntegers } from "../../../../src/core/exact-integers.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import { isOpen, nativeSchema } from "../../../../src/dialects/anthropic-messages/native-schema.ts";

describe("nativeSchema", () => {
  it("closes every object, at any depth, and leaves members that are called like keywords", () => {
    const leaf: JsonObject = { type: "object", properties: { minimum: { type: "string" } } };
    const schema: JsonObject = {
      type: "object",
      properties: { a: leaf, b: { type: "array", items: leaf, minItems: 1 } },
      $defs: { c: { anyOf: [leaf, { type: "null" }] } },
    };
    const closed: JsonObject = { ...leaf, additionalProperties: false };
    const said: string[] = [];
    expect(nativeSchema(schema, () => said.push("said"))).toEqual({
      type: "object",
      properties: { a: closed, b: { type: "array", items: closed, minItems: 1 } },
      $defs: { c: { anyOf: [closed, { type: "null" }] } },
      additionalProperties: false,
    });
    expect(said).toEqual([]);
  });

  it("says long integers with all their digits, and takes none of them for a schema", () => {
    const schema = parseExactIntegers(
      '{"properties":{"a":{"minItems":12345678901234567890,"enum":[12345678901234567890]},"b":12345678901234567890}}',
    ) as JsonObject;
    expect(JSON.stringify(nativeSchema(schema, () => {}))).toBe(
      '{"properties":{"a":{"enum":[12345678901234567890],"description":"{minItems: 12345678901234567890}"},"b":12345678901234567890},"additionalProperties":false}',
    );
  });

  it("says in words what the grammar cannot hold", () => {
    const said: string[] = [];
    const schema = { type: "number", minimum: 3, maximum: 9, description: "A number." };
    expect(nativeSchema(schema, () => said.push("said"))).toEqual({
      type: "number",
      description: "A number.\n\n{minimum: 3, maximum: 9}",
    });
    expect(said).toEqual(["said"]);
  });
});

describe("isOpen", () => {
  it.each<[string, JsonObject, boolean]>([
    ["says nothing of others", { type: "object", properties: {} }, false],
    ["takes no others", { type: "object", additionalProperties: false }, false],
    ["takes others", { type: "object", additionalProperties: true }, true],
    ["takes others further in", { properties: { a: { items: { additionalProperties: {} } } } }, true],
    ["takes others in one of its forms", { anyOf: [{ type: "null" }, { additionalProperties: {} }] }, true],
    ["has a member of that name", { properties: { additionalProperties: { type: "string" } } }, false],
  ])("a schema that %s", (_what, schema, expected) => {
    expect(isOpen(schema)).toBe(expected);
  });
});
