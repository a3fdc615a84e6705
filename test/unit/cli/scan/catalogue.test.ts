// The public catalogue: what is free, how large it says it is, and which rows are wanted.
import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/core/json.ts";
import { type CatalogueFilter, freeModels } from "../../../../src/cli/scan/catalogue.ts";

const NOW = 1_750_000_000_000;
const ALL: CatalogueFilter = { minParams: 0, maxAgeDays: null, provider: null, now: NOW };
const FREE = { prompt: "0", completion: "0" };
const listed = (...data: readonly Json[]): Json => ({ data });
const ids = (document: Json, filter: Partial<CatalogueFilter> = {}) =>
  freeModels(document, { ...ALL, ...filter })?.map(({ id }) => id) ?? null;

describe("what is free", () => {
  it.each([
    ["an id that ends in :free", { id: "a/m:free" }, true],
    ["prices of zero", { id: "a/m", pricing: FREE }, true],
    ["prices of zero, with a price for each request", { id: "a/m", pricing: { ...FREE, request: "0.01" } }, false],
    ["a price for answers", { id: "a/m", pricing: { prompt: "0", completion: "0.000001" } }, false],
    ["no word of prices", { id: "a/m" }, false],
    ["prices that are no numbers", { id: "a/m", pricing: { prompt: "free", completion: "free" } }, false],
  ])("%s", (_what, entry, isFree) => {
    expect(ids(listed(entry))).toEqual(isFree ? ["a/m", "a/m:free"].filter((id) => id === entry.id) : []);
  });
});

describe("how large", () => {
  it.each([
    ["meta/llama-3.3-70b-instruct:free", 70],
    ["mistral/mixtral-8x7b:free", 7],
    ["qwen/qwen3-235b-a22b:free", 235],
    ["google/gemma-3n-e4b-it:free", null],
    ["small/model-0.5b:free", 0.5],
    ["openai/gpt-oss:free", null],
    ["b/bb-2bit:free", null],
  ])("%s", (id, size) => {
    expect(freeModels(listed({ id }), ALL)?.[0]?.inferredParamB).toBe(size);
  });
});

describe("which rows", () => {
  const OLD = { id: "a/big-70b:free", created: NOW / 1000 - 86_400 * 10 };
  const NEW = { id: "b/small-3b:free", created: NOW / 1000 - 3600 };
  const TIMELESS = { id: "c/nameless:free" };

  it.each([
    ["all", {}, [OLD.id, NEW.id, TIMELESS.id]],
    ["a size", { minParams: 10 }, [OLD.id]],
    ["an age", { maxAgeDays: 5 }, [NEW.id]],
    ["a provider", { provider: "B" }, [NEW.id]],
  ] as const)("of %s", (_what, filter, expected) => {
    expect(ids(listed(OLD, NEW, TIMELESS), filter)).toEqual(expected);
  });

  it.each([
    ["no object", "text"],
    ["no list", { data: {} }],
    ["nothing", undefined],
  ])("a document that is %s is no catalogue", (_what, document) => {
    expect(freeModels(document, ALL)).toBeNull();
  });

  it("entries that are none are passed over", () => {
    expect(ids(listed(null, 3, {}, { id: "" }, { id: "a/m:free" }))).toEqual(["a/m:free"]);
  });
});
