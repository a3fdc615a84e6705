import { describe, expect, it } from "vitest";
import type { HeaderBag } from "../../../src/core/upstream.ts";
import { providerRequestId } from "../../../src/upstream/response-headers.ts";

const ROWS: readonly (readonly [what: string, headers: HeaderBag, id: string | null])[] = [
  ["OpenAI's", { "x-request-id": "req_0123abc" }, "req_0123abc"],
  ["Anthropic's", { "request-id": "req_011CSHoEeqs5C35K2UUqR7Fy" }, "req_011CSHoEeqs5C35K2UUqR7Fy"],
  ["Azure's", { "apim-request-id": "b1c2-4d5e" }, "b1c2-4d5e"],
  ["Google's", { "x-goog-request-id": "a.b:c_d-e" }, "a.b:c_d-e"],
  ["the most specific of several", { "cf-ray": "8f1-FRA", "x-request-id": "req_1" }, "req_1"],
  ["the first of repeated ones", { "x-request-id": ["a", "b"] }, "a"],
  ["the next when the first is unfit", { "x-request-id": "a b", "cf-ray": "8f1-FRA" }, "8f1-FRA"],
  ["none", { "content-type": "application/json" }, null],
  ["none that is empty", { "x-request-id": "" }, null],
  ["none with a line break", { "x-request-id": "a\nlevel=error" }, null],
  ["none with a terminal escape", { "x-request-id": "\u001b[31mred" }, null],
  ["none above 128 characters", { "x-request-id": "x".repeat(129) }, null],
  ["none with a space in front", { "x-request-id": " a" }, null],
  ["none with a line end behind", { "x-request-id": "a\n" }, null],
  ["one of 128 characters", { "x-request-id": "x".repeat(128) }, "x".repeat(128)],
];

describe("the provider's request id", () => {
  it.each(ROWS)("is %s", (_what, headers, id) => {
    expect(providerRequestId(headers)).toBe(id);
  });
});
