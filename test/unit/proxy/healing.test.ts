// Self-healing in the corridor: which remedies a request takes, what makes a difference to it, and what is written down about it.
import { describe, expect, it } from "vitest";
import type { RemedyName } from "../../../src/core/remedy.ts";
import { CorridorRig } from "../../support/corridor-rig.ts";
import type { ScriptedExchange } from "../../support/scripted-upstream.ts";

const WHOLE =
  '{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}';
const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" } } };

const complains = (message: string) => JSON.stringify({ error: { message, type: "invalid_request_error" } });
const UNKNOWN_SEED = complains("Unknown parameter: 'seed'.");
const NO_TOOLS = complains("registry.ollama.ai/library/gemma3:4b does not support tools");

/** Refuses bodies with a field, answers all others. */
function refuses(rig: CorridorRig, provider: "a" | "b", field: string, words: string): void {
  rig.provider(provider).onSend = (exchange: ScriptedExchange) => {
    if (field in exchange.body) exchange.answer(400, words);
    else exchange.answer(200, WHOLE);
  };
}

const asked = (rig: CorridorRig, provider: "a" | "b") => rig.provider(provider).exchanges.map(({ body }) => body);
const learned = (rig: CorridorRig, of = "a/m"): readonly RemedyName[] =>
  rig.health.allLearned(new Map()).find(({ target }) => target === of)?.remedies ?? [];

describe("a request that is refused for a field", () => {
  it("is repeated without it, and told so: an attempt for a remedy, a receipt, a decision", async () => {
    const rig = new CorridorRig();
    refuses(rig, "a", "seed", UNKNOWN_SEED);
    await rig.chat({ seed: 7 });
    expect(asked(rig, "a").map((body) => body["seed"])).toEqual([7, undefined]);
    expect(rig.sink.status).toBe(200);
    expect(rig.sink.headers).toMatchObject({ "x-openclaw-attempts": "2", "x-openclaw-adjusted": "seed" });
    const { attempts } = rig.end();
    expect(attempts.map(({ because, remedies, repeat }) => [because, remedies, repeat])).toEqual([
      ["first", [], false],
      ["repair", ["no-seed"], true],
    ]);
    expect(rig.told("request-adjusted").map(({ adjusted }) => adjusted)).toEqual([["seed"]]);
    expect(learned(rig)).toEqual(["no-seed"]);
    expect(rig.idle()).toBe(true);
  });

  it("is repeated for an error event before the commit as well", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ seed: 7, stream: true });
    rig.provider("a").last.open().head().chunk(`data: ${UNKNOWN_SEED}\n\n`);
    await rig.settle();
    const text = 'data: {"id":"c1","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n';
    rig.provider("a").last.open().head().chunk(`${text}data: [DONE]\n\n`).end();
    await ended;
    expect(asked(rig, "a").map((body) => body["seed"])).toEqual([7, undefined]);
    expect(rig.sink.text).toContain("hi");
    expect(learned(rig)).toEqual(["no-seed"]);
  });

  it("goes on when it does not even hold the field, and teaches nothing", async () => {
    const rig = new CorridorRig();
    rig.provider("a").onSend = (exchange) => exchange.answer(400, UNKNOWN_SEED);
    refuses(rig, "b", "nothing", "");
    await rig.chat({});
    expect([asked(rig, "a").length, asked(rig, "b").length]).toEqual([1, 1]);
    expect(learned(rig)).toEqual([]);
  });

  it("is not repeated where healing is switched off; nor is anything learned applied", async () => {
    const rig = new CorridorRig({ behaviour: { selfHeals: false } });
    refuses(rig, "a", "seed", UNKNOWN_SEED);
    refuses(rig, "b", "nothing", "");
    await rig.chat({ seed: 7 });
    expect([asked(rig, "a").length, asked(rig, "b").length]).toEqual([1, 1]);
    expect(rig.end().attempts.map(({ because }) => because)).toEqual(["first", "failover"]);
  });
});

describe("a request that is refused for its tools", () => {
  const tools = { tools: [TOOL] };

  it("goes to the next candidate, and the first is passed over from then on while there is another", async () => {
    const rig = new CorridorRig();
    refuses(rig, "a", "tools", NO_TOOLS);
    refuses(rig, "b", "nothing", "");
    await rig.chat(tools);
    expect(rig.end().attempts.map(({ target, because }) => [target.id, because])).toEqual([
      ["a/m", "first"],
      ["b/m", "failover"],
    ]);
    expect(learned(rig)).toEqual(["no-tools"]);
    await rig.chat(tools);
    expect(asked(rig, "a")).toHaveLength(1);
    expect(asked(rig, "b")).toHaveLength(2);
    await rig.chat({});
    expect(asked(rig, "a")).toHaveLength(2);
  });

  it("is repeated without them where nobody else can be asked", async () => {
    const rig = new CorridorRig();
    refuses(rig, "a", "tools", NO_TOOLS);
    refuses(rig, "b", "tools", NO_TOOLS);
    await rig.chat(tools);
    expect(rig.end().attempts.map(({ target, because }) => [target.id, because])).toEqual([
      ["a/m", "first"],
      ["b/m", "failover"],
      ["b/m", "repair"],
    ]);
    expect(asked(rig, "b").at(-1)).not.toHaveProperty("tools");
  });

  it.each<[sentence: string, choice: unknown]>([
    ["required", "required"],
    ["one of them", { type: "function", function: { name: "f" } }],
  ])("keeps a forced choice: %s", async (_sentence, choice) => {
    const rig = new CorridorRig();
    refuses(rig, "a", "tools", NO_TOOLS);
    refuses(rig, "b", "tools", NO_TOOLS);
    await rig.chat({ ...tools, tool_choice: choice });
    expect(rig.sink.status).toBe(400);
    expect([...asked(rig, "a"), ...asked(rig, "b")].every((body) => "tools" in body)).toBe(true);
    expect(learned(rig)).toEqual([]);
  });

  it("keeps a forced choice though the target is known to have none", async () => {
    const rig = new CorridorRig();
    refuses(rig, "a", "tools", NO_TOOLS);
    refuses(rig, "b", "tools", NO_TOOLS);
    await rig.chat(tools);
    expect(learned(rig, "b/m")).toEqual(["no-tools"]);
    const before = asked(rig, "b").length;
    await rig.chat({ ...tools, tool_choice: "required" });
    expect(asked(rig, "b").slice(before)).toMatchObject([{ tool_choice: "required" }]);
  });
});

describe("two complaints", () => {
  it("are healed one a request: the first is learned when the repeat gets further", async () => {
    const rig = new CorridorRig();
    const words = complains("Unsupported parameter: 'max_tokens' is not supported with this model.");
    const warm = complains("Unsupported value: 'temperature' does not support 0.2 with this model.");
    rig.provider("a").onSend = (exchange) => {
      if ("max_tokens" in exchange.body) exchange.answer(400, words);
      else if ("temperature" in exchange.body) exchange.answer(400, warm);
      else exchange.answer(200, WHOLE);
    };
    refuses(rig, "b", "nothing", "");
    const request = { max_tokens: 5, temperature: 0.2 };
    await rig.chat(request);
    expect(asked(rig, "b")).toHaveLength(1);
    expect(learned(rig)).toEqual(["max-completion-tokens"]);
    await rig.chat(request);
    expect(learned(rig)).toEqual(["max-completion-tokens", "no-temperature"]);
    await rig.chat(request);
    expect(asked(rig, "a")).toHaveLength(5);
    expect(asked(rig, "a").at(-1)).toEqual({ model: "m", messages: expect.anything(), max_completion_tokens: 5 });
    expect(asked(rig, "b")).toHaveLength(1);
  });

  it("in one answer are healed together", async () => {
    const rig = new CorridorRig();
    refuses(rig, "a", "seed", complains("Unsupported parameter(s): `seed`, `user`"));
    await rig.chat({ seed: 7, user: "u" });
    expect(asked(rig, "a").at(-1)).toEqual({ model: "m", messages: expect.anything() });
    expect(learned(rig)).toEqual(["no-seed", "no-user"]);
  });
});
