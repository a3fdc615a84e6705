// From the name in a request to an agent and its ordered targets: every spelling, every refusal.
import { describe, expect, it } from "vitest";
import type { Steering } from "../../../src/core/facts.ts";
import { isFailure, statusOf } from "../../../src/core/failure.ts";
import type { Provider, Snapshot, Target } from "../../../src/core/snapshot.ts";
import { agentNamed, findTarget, resolve } from "../../../src/routing/resolve.ts";
import { aRequest, type FactsSketch } from "../../support/facts.ts";
import { anAgent, aSnapshot, aTarget } from "../../support/snapshot.ts";

const targets = ["a/one", "b/two", "c/three", "a/four"].map((id) => aTarget(id));
const [one, two, three, four] = targets as [Target, Target, Target, Target];

const provider = (id: string, lists: boolean, own: readonly Target[]): [string, Provider] => [
  id,
  {
    id,
    baseUrl: "",
    lists,
    builtIn: false,
    targets: own,
    unlisted: (model) => aTarget(`${id}/${model}`),
  },
];

/** Agents `main` (a/one, then b/two), `work` (c/three alone) and `open` (of a provider that lists nothing). */
function world(more: Partial<Snapshot> = {}): Snapshot {
  return aSnapshot([], {
    agents: new Map([
      ["main", anAgent("main", [one, two])],
      ["work", anAgent("work", [three])],
      ["open", anAgent("open", [aTarget("free/any")])],
    ]),
    targets: new Map(targets.map((target) => [target.id, target])),
    aliases: new Map([["fast", three]]),
    aliasNames: new Map([["Fast", three]]),
    bareIds: new Map<string, Target | null>([
      ["two", two],
      ["twin", null],
    ]),
    providerSynonyms: new Map([["bee", "b"]]),
    providers: new Map([provider("a", true, [one, four]), provider("free", false, [])]),
    ...more,
  });
}

const all = { expose: "all" } as const;
const strict = new Map([["main", anAgent("main", [one, two], { allowed: new Set(["a/one", "b/two"]) })]]);

/** `agent: chain` with `!` behind it when it is exact, or `status code param`. */
function read(model: string, steering: Partial<Steering> = {}, more: Partial<Snapshot> = {}): string {
  const resolved = resolve(world(more), aRequest({ body: { model: model === "" ? null : model }, steering }));
  if (isFailure(resolved)) {
    const code = resolved.code ?? (resolved.kind === "model-unknown" ? "model_not_found" : resolved.kind);
    return `${statusOf(resolved)} ${code} ${resolved.param}`;
  }
  const { agent, chain, exact } = resolved;
  return `${agent.id}: ${chain.map(({ id }) => id).join(" ")}${exact ? " !" : ""}`;
}

const MAIN = "main: a/one b/two";
const NO_SUCH_MODEL = "400 model_not_found model";

describe("the model of a body", () => {
  it.each([
    ["", MAIN],
    ["openclaw", MAIN],
    ["OpenClaw/Default", MAIN],
    ["openclaw/main", MAIN],
    ["openclaw/WORK", "work: c/three"],
    ["openclaw:work", "work: c/three"],
    ["agent:work", "work: c/three"],
    ["openclaw/nobody", "404 model_not_found model"],
    ["agent:", "404 model_not_found model"],
    ["gpt-4o", NO_SUCH_MODEL],
    ["a/one", NO_SUCH_MODEL],
    ["fast", NO_SUCH_MODEL],
    ["two", NO_SUCH_MODEL],
  ])("'%s' means %s", (model, expected) => {
    expect(read(model)).toBe(expected);
  });

  it("means the agent `default` where there is one", () => {
    const agents = new Map([
      ["main", anAgent("main", [one])],
      ["default", anAgent("default", [two])],
    ]);
    expect(agentNamed(world({ agents }), "openclaw:default")).toBe("default");
    expect(agentNamed(world({ agents }), "openclaw/default")).toBe("main");
  });

  it.each([
    ["", NO_SUCH_MODEL],
    ["openclaw", NO_SUCH_MODEL],
    ["openclaw/default", NO_SUCH_MODEL],
    ["openclaw:default", NO_SUCH_MODEL],
    ["openclaw/main", MAIN],
    ["agent:work", "work: c/three"],
  ])("'%s' means %s where no agent answers for all", (model, expected) => {
    expect(read(model, {}, { defaultAgent: null })).toBe(expected);
    expect(read(model, { agent: "work" }, { defaultAgent: null })).toBe("work: c/three");
  });

  it("is said to be missing where no agent answers for all, with those that there are", () => {
    const resolved = resolve(world({ ...all, defaultAgent: null }), aRequest({ body: { model: "a/one" } }));
    const { message } = isFailure(resolved) ? resolved : { message: "" };
    expect(message).toMatch(/several agents.*`openclaw\/main`, `openclaw\/work`/);
    expect(message).not.toContain("default`");
  });

  it("that is refused is told what would do, cut short", () => {
    const resolved = resolve(world(all), aRequest({ body: { model: "x".repeat(200) } }));
    const { message } = isFailure(resolved) ? resolved : { message: "" };
    expect(message).toContain(`'${"x".repeat(64)}…'`);
    expect(message).toContain("`openclaw/work`");
    expect(message).toContain("`Fast`");
  });
});

describe("where all models are exposed, the model of a body", () => {
  it.each([
    ["a/one", MAIN],
    ["A/ONE", MAIN],
    ["b/two", "main: b/two a/one"],
    ["bee/two", "main: b/two a/one"],
    ["two", "main: b/two a/one"],
    // Of the primary's provider: its fallbacks follow.
    ["a/four", "main: a/four b/two a/one"],
    // A stranger to the chain: only the primary follows (OpenClaw §4.1).
    ["fast", "main: c/three a/one"],
    ["c/three", "main: c/three a/one"],
    ["twin", NO_SUCH_MODEL],
    ["a/unlisted", NO_SUCH_MODEL],
    ["free/unlisted", NO_SUCH_MODEL],
    ["openclaw/work", "work: c/three"],
  ])("'%s' means %s", (model, expected) => {
    expect(read(model, {}, all)).toBe(expected);
  });

  it("may be below a name of the allowlist", () => {
    const wide = new Map([["main", anAgent("main", [one, two], { allowed: new Set(["c/*"]) })]]);
    expect(read("fast", {}, { ...all, agents: wide })).toBe("main: c/three a/one");
    expect(read("a/one", {}, { ...all, agents: wide })).toBe("400 model_not_allowed model");
  });

  it("must be on the allowlist of the default agent", () => {
    const more = { ...all, agents: strict };
    expect(read("a/one", {}, more)).toBe(MAIN);
    expect(read("c/three", {}, more)).toBe("400 model_not_allowed model");
    expect(read("fast", {}, more)).toBe("400 model_not_allowed model");
  });

  it("goes alone where the default agent has no chain", () => {
    expect(read("c/three", {}, { ...all, agents: new Map([["main", anAgent("main", [])]]) })).toBe("main: c/three");
  });
});

describe("the agent header", () => {
  it.each([
    ["work", "openclaw", "work: c/three"],
    [" WORK ", "openclaw/main", "work: c/three"],
    ["work", "gpt-4o", "work: c/three"],
    ["nobody", "openclaw", "404 model_not_found model"],
    ["", "openclaw/work", "work: c/three"],
  ])("'%s' over the model '%s' means %s", (agent, model, expected) => {
    expect(read(model, { agent })).toBe(expected);
  });
});

describe("the model header", () => {
  const header = "x-openclaw-model";
  it.each([
    ["a/four", "main: a/four !"],
    ["fast", "main: c/three !"],
    ["two", "main: b/two !"],
    [" b/two ", "main: b/two !"],
    ["", MAIN],
    ["a/unlisted", `404 model_not_found ${header}`],
    ["nobody/x", `404 model_not_found ${header}`],
    ["twin", `404 model_not_found ${header}`],
    // Of a provider that lists none, any model may be named.
    ["free/new-1", "main: free/new-1 !"],
    ["free/a/b:c@d", "main: free/a/b:c@d !"],
    ...["a//b", "a/../b", "a/.", "/a", "a/", "-a", "a b", "a\u00e9", "x".repeat(201)].map((text) => [
      text,
      `400 model_not_found ${header}`,
    ]),
    ["free/-x", `404 model_not_found ${header}`],
  ])("'%s' means %s", (model, expected) => {
    expect(read("openclaw", { model })).toBe(expected);
  });

  it("may name a bare model of the agent's own provider that lists none", () => {
    expect(read("openclaw/open", { model: "new-1" })).toBe("open: free/new-1 !");
    expect(read("openclaw", { model: "new-1" })).toBe(`404 model_not_found ${header}`);
  });

  it("is checked against the allowlist", () => {
    expect(read("openclaw", { model: "b/two" }, { agents: strict })).toBe("main: b/two !");
    expect(read("openclaw", { model: "c/three" }, { agents: strict })).toBe(`400 model_not_allowed ${header}`);
  });

  it("stands above a body's model only where bodies may name models", () => {
    expect(read("gpt-4o", { model: "b/two" })).toBe(NO_SUCH_MODEL);
    expect(read("gpt-4o", { model: "b/two" }, all)).toBe("main: b/two !");
  });

  it("does not choose the agent", () => {
    expect(read("openclaw", { agent: "work", model: "a/one" })).toBe("work: a/one !");
    expect(read("openclaw/nobody", { model: "a/one" })).toBe("404 model_not_found model");
  });
});

describe("to embed, the agent's own model of embeddings", () => {
  const embeds = { ...three, fill: { dimensions: 8 } };
  const embedding = new Map([
    ["main", anAgent("main", [one, two], { allowed: new Set(["a/one", "b/two"]), embeddings: embeds })],
  ]);
  it.each<[how: string, operation: "chat" | "embeddings", request: FactsSketch, expected: Target | null]>([
    ["by the header", "embeddings", { steering: { model: "c/three" } }, embeds],
    ["by its id alone", "embeddings", { steering: { model: "Three" } }, embeds],
    ["by its alias", "embeddings", { steering: { model: "fast" } }, embeds],
    ["by the body", "embeddings", { body: { model: "c/three" } }, embeds],
    ["not another one that the allowlist lacks", "embeddings", { steering: { model: "a/four" } }, null],
    ["not to answer", "chat", { steering: { model: "c/three" } }, null],
    ["not to answer by the body", "chat", { body: { model: "c/three" } }, null],
  ])(
    "may be named whatever the allowlist holds, and keeps what the file fills in: %s",
    (_how, operation, request, expected) => {
      const resolved = resolve(world({ ...all, agents: embedding }), aRequest({ operation, ...request }));
      expect(isFailure(resolved) ? null : resolved.chain).toEqual(expected === null ? null : [expected]);
    },
  );
});

describe("to embed, the server of `memorySearch.remote`", () => {
  const remote = { ...aTarget("bee/e"), id: "b:memory/E-1", provider: "b:memory", model: "E-1" };
  const agents = new Map([["main", anAgent("main", [one], { allowed: new Set(["a/one"]), embeddings: remote })]]);
  it.each<[operation: "chat" | "embeddings", model: string, expected: string]>([
    ["embeddings", "b/e-1", "b:memory/E-1"],
    ["embeddings", "bee/E-1", "b:memory/E-1"],
    ["embeddings", "e-1", "b:memory/E-1"],
    ["embeddings", "a/e-1", "model-unknown"],
    ["chat", "b/e-1", "model-unknown"],
  ])("is meant, for %s, by the name that the file gives it: '%s' means %s", (operation, model, expected) => {
    const resolved = resolve(world({ agents }), aRequest({ operation, steering: { model } }));
    expect(isFailure(resolved) ? resolved.kind : resolved.chain.map(({ id }) => id).join()).toBe(expected);
  });
});

describe("a label", () => {
  it.each([
    ["openclaw", {}, "openclaw/main"],
    ["two", {}, "b/two"],
    ["openclaw", { model: "fast" }, "c/three"],
  ])("of '%s' %o is %s: never what the client wrote", (model, steering, label) => {
    const resolved = resolve(world(all), aRequest({ body: { model }, steering }));
    expect(isFailure(resolved) ? null : resolved.requested).toBe(label);
  });
});

describe("a target is found", () => {
  it.each([
    ["by alias before anything else", "fast", "c/three"],
    ["by its id, whatever the case", "B/Two", "b/two"],
    ["by a synonym of its provider", "bee/two", "b/two"],
    ["by a model id that only one provider has", "two", "b/two"],
    ["not by one that several have", "twin", null],
  ])("%s", (_how, text, id) => {
    expect(findTarget(world(), text)?.id ?? null).toBe(id);
  });
});
