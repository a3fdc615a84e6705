// Whatever a client's history holds, what is written for a provider is legal there: the strict reader of each wire, which knows no proof
// and no id of this history, refuses nothing. Nothing is lost without a name either.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../src/core/failure.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { ChatRequest } from "../../src/dialects/vocabulary.ts";
import { type Heard, Memory } from "../matrix/wire.ts";
import { anthropicBudgetWire } from "../matrix/wires/anthropic-messages.ts";
import type { ProviderRequest } from "../support/provider-request.ts";
import { aTarget } from "../support/snapshot.ts";
import { conversation } from "./conversations.ts";
import { EGRESSES, type EgressCase } from "./dialect.case.ts";

/** TABLE: what a wire cannot say and must not drop (decision 12). */
const UNSAYABLE: Readonly<Record<string, (request: ChatRequest) => boolean>> = {
  // Nothing in Ollama's API makes a model call a tool.
  ollama: ({ toolChoice, tools }) => tools.length > 0 && (toolChoice?.use === "required" || toolChoice?.use === "tool"),
};

/** Every wire, and Anthropic's with a model that thinks by a budget and goes on from thoughts only. */
const WIRES: readonly EgressCase[] = [
  ...EGRESSES,
  ...EGRESSES.filter(({ name }) => name === "anthropic-messages").map(({ name, egress }) => ({
    name: `${name}, by budget`,
    egress,
    wire: anthropicBudgetWire,
  })),
];

/** What a strict provider hears of a request; null where it is refused before, as the table says. */
function heard({ name, egress, wire }: EgressCase, request: ChatRequest, stream: boolean): Heard | null {
  const encoded = egress.encodeRequest(request, { target: aTarget(`up/${wire.model}`), stream });
  const isUnsayable = UNSAYABLE[name]?.(request) === true;
  expect(isFailure(encoded), isFailure(encoded) ? encoded.message : "").toBe(isUnsayable);
  if (isFailure(encoded)) return null;
  const path = egress.pathFor?.(`/models/${wire.model}:streamGenerateContent?alt=sse`, stream) ?? "/api/chat";
  const json = () => JSON.parse(JSON.stringify(encoded.tree)) as JsonObject;
  return wire.hear({ path, json } as unknown as ProviderRequest, new Memory());
}

describe("a request for a provider", () => {
  it.each(WIRES.map((each) => [each.name, each] as const))("%s: is legal there", (_name, to) => {
    const check = (request: ChatRequest, stream: boolean): void => {
      const said = heard(to, request, stream);
      if (said === null) return;
      expect([said.stream, said.proofs]).toEqual([stream, []]);
      const calls = request.turns.flatMap(({ role, parts }) => (role === "assistant" ? parts : []));
      const called = calls.flatMap((part) =>
        part.type === "tool-call" ? [{ name: part.name, args: JSON.parse(part.args) as object }] : [],
      );
      expect(said.results.map(({ name, args }) => ({ name, args }))).toEqual(called);
    };
    fc.assert(fc.property(conversation, fc.boolean(), check), { numRuns: 300 });
  });
});
