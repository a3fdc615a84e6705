// What a request may try, in which order, and the word for every target passed over.
import { describe, expect, it } from "vitest";
import { isFailure, statusOf } from "../../../src/core/failure.ts";
import type { DialectName } from "../../../src/core/names.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { Agent, Snapshot, Stated, Target } from "../../../src/core/snapshot.ts";
import { plan } from "../../../src/routing/plan.ts";
import { aRequest, type FactsSketch } from "../../support/facts.ts";
import { anAgent, aSnapshot, aTarget } from "../../support/snapshot.ts";

const ALL: Target["endpoints"] = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "openai-embeddings": "/v1/embeddings",
};
/** Formats that a case names. */
const PATHS: Target["endpoints"] = {
  ...ALL,
  "anthropic-messages": "/v1/messages",
  "anthropic-count-tokens": "/v1/messages/count_tokens",
  "google-embeddings": "/v1beta/models/m:batchEmbedContents",
  "google-count-tokens": "/v1beta/models/m:countTokens",
  "ollama-embeddings": "/api/embed",
};

/** What a target of a case states and speaks. */
interface Sketch extends Partial<Pick<Target, "unavailable" | "compat">>, Partial<Stated> {
  readonly speaks?: readonly DialectName[];
}

function target(name: string, { speaks, unavailable = null, compat = {}, ...stated }: Sketch = {}): Target {
  const base = aTarget(`${name}/m`);
  const endpoints =
    speaks === undefined ? ALL : Object.fromEntries(speaks.map((each) => [each, PATHS[each] as string]));
  return { ...base, id: name, unavailable, compat, endpoints, stated: { ...base.stated, ...stated } };
}

const TEXT = { input: new Set(["text"]) };
const VISION = { input: new Set(["text", "image"]) };
const VOICE = { input: new Set(["text", "audio"]) };
const NO_TOOLS = { tools: false };
const NO_SCHEMA = { compat: { supportsJsonSchemaResponseFormat: false } };
const NO_STATE = { compat: { supportsResponsesContinuation: false } };
const CHAT_ONLY = { speaks: ["openai-chat"] } as const;

/** A snapshot whose agent `main` has these targets. */
function world(sketches: Readonly<Record<string, Sketch>>, agent: Partial<Agent> = {}, more: Partial<Snapshot> = {}) {
  const chain = Object.entries(sketches).map(([name, sketch]) => target(name, sketch));
  const snapshot = aSnapshot(chain, { agents: new Map([["main", anAgent("main", chain, agent)]]) });
  return { ...snapshot, ...more, behaviour: { ...snapshot.behaviour, ...more.behaviour } };
}

function planned(snapshot: Snapshot, request: FactsSketch = {}): Plan {
  const made = plan(snapshot, aRequest(request));
  if (isFailure(made)) expect.fail(made.message);
  return made;
}

/** `a b | c why, d why`: candidates, then the refused. */
function drawn({ candidates, refused }: Plan): string {
  const gone = refused.map(({ target: id, why }) => `${id} ${why}`).join(", ");
  return [candidates.map(({ target: { id } }) => id).join(" "), gone].filter((part) => part !== "").join(" | ");
}

const part = (type: string, more: object) => ({ messages: [{ role: "user", content: [{ type, ...more }] }] });
const IMAGE = part("image_url", { image_url: { url: "data:" } });
const AUDIO = part("input_audio", { input_audio: { data: "" } });
const FILE = part("file", { file: { file_data: "" } });
const TOOLS = { tools: [{ type: "function", function: { name: "f" } }] };
const FORCED = { ...TOOLS, tool_choice: "required" };
const SCHEMA = { response_format: { type: "json_schema", json_schema: { name: "s", schema: {} } } };

describe("candidates", () => {
  it("are the agent's chain in its order, each with its path and lane", () => {
    const { agent, requested, candidates, refused } = planned(world({ a: {}, b: {} }));
    expect({ agent, requested, refused }).toEqual({ agent: "main", requested: "openclaw/main", refused: [] });
    const lane = { dialect: "openai-chat", path: "/v1/chat/completions", request: "patch", response: "relay" };
    expect(candidates).toMatchObject([
      { position: 0, target: { id: "a" }, ...lane },
      { position: 1, target: { id: "b" }, ...lane },
    ]);
  });

  it.each<[sentence: string, operation: "chat" | "responses" | "embeddings", path: string]>([
    ["chat", "chat", "/v1/chat/completions"],
    ["responses", "responses", "/v1/responses"],
    ["embeddings", "embeddings", "/v1/embeddings"],
  ])("of %s go to that endpoint", (_sentence, operation, path) => {
    expect(planned(world({ a: {} }), { operation }).candidates[0]).toMatchObject({
      dialect: `openai-${operation}`,
      path,
    });
  });
});

describe("a target is passed over", () => {
  it.each<[word: string, sketches: Record<string, Sketch>, request: FactsSketch, expected: string]>([
    ["missing_credential", { a: { unavailable: "missing_credential" }, b: {} }, {}, "b | a missing_credential"],
    ["unsupported_api", { a: {}, b: { unavailable: "unsupported_api" } }, {}, "a | b unsupported_api"],
    [
      "context_window_too_small",
      { a: { unavailable: "context_window_too_small" }, b: {} },
      {},
      "b | a context_window_too_small",
    ],
    ["needs_translation", { a: CHAT_ONLY, b: {} }, { operation: "responses" }, "b | a needs_translation"],
    ["no_embeddings", { a: CHAT_ONLY, b: {} }, { operation: "embeddings" }, "b | a no_embeddings"],
    ["lacks_image", { a: TEXT, b: VISION }, { body: IMAGE }, "b | a lacks_image"],
    ["lacks_audio", { a: VISION, b: VOICE }, { body: AUDIO }, "b | a lacks_audio"],
    ["lacks_tools", { a: NO_TOOLS, b: {} }, { body: TOOLS }, "b | a lacks_tools"],
    ["lacks_schema", { a: NO_SCHEMA, b: {} }, { body: SCHEMA }, "b | a lacks_schema"],
    ["lacks_tools of a forced choice", { a: NO_TOOLS, b: {} }, { body: FORCED }, "b | a lacks_tools"],
  ])("as %s", (_word, sketches, request, expected) => {
    expect(drawn(planned(world(sketches), request))).toBe(expected);
  });

  it("not for a small window when a text is only embedded", () => {
    const small = world({ a: { unavailable: "context_window_too_small" } });
    expect(drawn(planned(small, { operation: "embeddings" }))).toBe("a");
  });
});

describe("a need", () => {
  it.each<[sentence: string, sketches: Record<string, Sketch>, body: object, expected: string]>([
    [
      "is met by what states it and by what states nothing",
      { a: TEXT, b: {}, c: VISION },
      IMAGE,
      "b c | a lacks_image",
    ],
    ["that all lack is nobody's lack: the whole chain stays", { a: TEXT, b: TEXT }, IMAGE, "a b"],
    ["for tools that all lack keeps the chain, too", { a: NO_TOOLS, b: NO_TOOLS }, TOOLS, "a b"],
    ["is not asked of a chain of one", { a: { ...TEXT, ...NO_TOOLS } }, { ...IMAGE, ...TOOLS }, "a"],
    [
      "for images goes before one for tools, which can be dropped",
      { a: TEXT, b: { ...VISION, ...NO_TOOLS } },
      { ...IMAGE, ...TOOLS },
      "b | a lacks_image",
    ],
    [
      "is met beside another",
      { a: TEXT, b: { ...VISION, ...NO_TOOLS }, c: VISION },
      { ...IMAGE, ...TOOLS },
      "c | a lacks_image, b lacks_tools",
    ],
    ["for files is nobody's lack: nothing can state it", { a: TEXT, b: VISION }, FILE, "a b"],
    ["for a schema is nobody's lack where no flag says it", { a: { ...TEXT, ...NO_TOOLS }, b: {} }, SCHEMA, "a b"],
    ["for a schema that all lack is nobody's lack", { a: NO_SCHEMA, b: NO_SCHEMA }, SCHEMA, "a b"],
    ["that the request does not have passes nobody over", { a: { ...TEXT, ...NO_TOOLS }, b: {} }, {}, "a b"],
  ])("%s", (_sentence, sketches, body, expected) => {
    expect(drawn(planned(world(sketches), { body }))).toBe(expected);
  });

  it("is not asked of what can take no request at all", () => {
    const sketches = { a: TEXT, b: { ...VISION, unavailable: "missing_credential" } };
    expect(drawn(planned(world(sketches), { body: IMAGE }))).toBe("a | b missing_credential");
  });
});

describe("the chain for images", () => {
  const [eye, other] = [target("eye", VISION), target("other")];
  it.each<[sentence: string, sketches: Record<string, Sketch>, body: object, expected: string]>([
    ["goes first when the primary takes only text", { a: TEXT, b: {} }, IMAGE, "eye other b | a lacks_image"],
    ["is not asked when the primary takes images", { a: VISION, b: TEXT }, IMAGE, "a | b lacks_image"],
    ["is not asked when the primary states nothing", { a: {} }, IMAGE, "a"],
    ["is not asked when there is no image", { a: TEXT }, {}, "a"],
  ])("%s", (_sentence, sketches, body, expected) => {
    expect(drawn(planned(world(sketches, { imageChain: [eye, other] }), { body }))).toBe(expected);
  });

  it("holds each target once", () => {
    const snapshot = world({ a: TEXT, b: {} });
    const chain = snapshot.agents.get("main")?.chain ?? [];
    const agents = new Map([["main", anAgent("main", chain, { imageChain: chain.slice(1) })]]);
    expect(drawn(planned({ ...snapshot, agents }, { body: IMAGE }))).toBe("b | a lacks_image");
  });

  it("is not for a model that was exactly selected", () => {
    const snapshot = world({ a: TEXT }, { imageChain: [eye] });
    expect(drawn(planned(snapshot, { body: IMAGE, steering: { model: "a" } }))).toBe("a");
  });
});

describe("answers that are no conversation", () => {
  type Case = [
    sentence: string,
    operation: "embeddings" | "count-tokens",
    speaks: readonly DialectName[],
    expected: string,
  ];
  it.each<Case>([
    ["relayed", "embeddings", ["google-embeddings", "openai-embeddings"], "openai-embeddings relay /v1/embeddings"],
    [
      "Google's",
      "embeddings",
      ["google-embeddings"],
      "google-embeddings translate /v1beta/models/m:batchEmbedContents",
    ],
    ["Ollama's", "embeddings", ["openai-chat", "ollama-embeddings"], "ollama-embeddings translate /api/embed"],
    [
      "counts relayed",
      "count-tokens",
      ["anthropic-messages", "anthropic-count-tokens"],
      "anthropic-count-tokens relay /v1/messages/count_tokens",
    ],
    [
      "Google's counts",
      "count-tokens",
      ["google-count-tokens"],
      "google-count-tokens translate /v1beta/models/m:countTokens",
    ],
  ])("are %s", (_sentence, operation, speaks, expected) => {
    const { candidates, limits } = planned(world({ a: { speaks } }), { operation });
    expect(candidates.map(({ dialect, response, path }) => `${dialect} ${response} ${path}`)).toEqual([expected]);
    expect(limits.failsOver).toBe(false);
  });

  it("are counted by the model that would answer, or by nobody: 404, which tells clients to reckon for themselves", () => {
    const counts = { speaks: ["anthropic-count-tokens"] } as const;
    expect(plan(world({ a: {}, b: counts }), aRequest({ operation: "count-tokens" }))).toMatchObject({
      kind: "not-found",
      code: "token_counts_unavailable",
    });
    const passed = world({ a: { unavailable: "missing_credential" }, b: counts });
    expect(drawn(planned(passed, { operation: "count-tokens" }))).toBe("b");
    const nobody = plan(world({ a: { unavailable: "missing_credential" } }), aRequest({ operation: "count-tokens" }));
    expect(isFailure(nobody) && statusOf(nobody)).toBe(503);
  });
});

describe("embeddings", () => {
  const own = target("e");
  it.each<[sentence: string, request: FactsSketch, expected: string]>([
    ["go to the agent's own target alone", {}, "e"],
    ["go to the model that the header names", { steering: { model: "b" } }, "b"],
    ["go to the model that the body names, where bodies may", { body: { model: "b" } }, "b"],
  ])("%s", (_sentence, request, expected) => {
    const snapshot = world({ a: {}, b: {} }, { embeddings: own }, { expose: "all" });
    expect(drawn(planned(snapshot, { operation: "embeddings", ...request }))).toBe(expected);
  });

  it.each<[how: string, request: FactsSketch, param: string]>([
    ["by the header", { steering: { model: "b" } }, "x-openclaw-model"],
    ["by the body", { body: { model: "b" } }, "model"],
    ["by the body beside a blank header", { body: { model: "b" }, steering: { model: " " } }, "model"],
  ])(
    "of a model that is named %s and gives none are refused: no other's vectors stand for them",
    (_how, request, param) => {
      const snapshot = world({ a: {}, b: { speaks: ["openai-chat"] } }, {}, { expose: "all" });
      const refused = plan(snapshot, aRequest({ operation: "embeddings", ...request }));
      const message = "Model 'b' gives no embeddings.";
      expect(refused).toMatchObject({
        kind: "request-invalid",
        code: "model_not_supported",
        param,
        message,
        phase: "request",
      });
      expect(drawn(planned(snapshot, { operation: "embeddings" }))).toBe("a | b no_embeddings");
    },
  );

  it.each<[sentence: string, targets: Parameters<typeof world>[0], request: FactsSketch]>([
    ["nobody was named and nobody gives any", { a: { speaks: ["openai-chat"] } }, {}],
    [
      "the named model would, and cannot be asked",
      { a: {}, b: { unavailable: "missing_credential" } },
      { body: { model: "b" } },
    ],
  ])("may be had later where %s", (_sentence, targets, request) => {
    const nobody = plan(world(targets, {}, { expose: "all" }), aRequest({ operation: "embeddings", ...request }));
    expect(isFailure(nobody) && statusOf(nobody)).toBe(503);
  });

  it("of a model that is named may be another's where the file allows it", () => {
    const snapshot = world({ a: {}, b: { speaks: ["openai-chat"] } }, {}, { expose: "all" });
    const fallBack = { ...snapshot, behaviour: { ...snapshot.behaviour, embeddingsFallBack: true } };
    expect(drawn(planned(fallBack, { operation: "embeddings", body: { model: "b" } }))).toBe("a | b no_embeddings");
  });

  it("never change the model unless the file allows it", () => {
    const snapshot = world({ a: {}, b: {} });
    const fallBack = { ...snapshot, behaviour: { ...snapshot.behaviour, embeddingsFallBack: true } };
    expect(planned(snapshot, { operation: "embeddings" }).limits.failsOver).toBe(false);
    expect(planned(fallBack, { operation: "embeddings" }).limits.failsOver).toBe(true);
  });
});

const STATE: readonly (readonly [param: string, body: object, code: string | null])[] = [
  ["previous_response_id", { previous_response_id: "resp_1" }, "previous_response_not_found"],
  ["conversation", { conversation: "conv_1" }, null],
  ["input", { input: [{ type: "item_reference", id: "msg_1" }] }, null],
];

describe("stored state", () => {
  it.each(STATE)("of `%s` goes to the first that speaks responses, and nowhere else", (_param, body) => {
    const made = planned(world({ a: CHAT_ONLY, b: {}, c: {} }), { operation: "responses", body });
    expect(drawn(made)).toBe("b | a needs_translation");
    expect(made.limits.failsOver).toBe(false);
  });

  it.each(STATE)("of `%s` is reached by no translation", (param, body, code) => {
    const at = aRequest({ operation: "responses", body });
    const translating = (sketches: Readonly<Record<string, Sketch>>) => {
      const snapshot = world(sketches);
      const agents = [...snapshot.agents].map(([id, agent]) => {
        const chain = agent.chain.map((each) => ({ ...each, translatesTo: "openai-chat" as const }));
        return [id, { ...agent, chain }] as const;
      });
      return plan({ ...snapshot, agents: new Map(agents) }, at);
    };
    const made = translating({ a: CHAT_ONLY, b: {} });
    expect(isFailure(made) ? made : drawn(made)).toBe("b | a needs_translation");
    expect(translating({ a: CHAT_ONLY })).toMatchObject({ kind: "unsupported-parameter", param, code });
  });

  it("stays there whatever else the request needs", () => {
    const body = { previous_response_id: "resp_1", ...TOOLS };
    expect(drawn(planned(world({ a: NO_TOOLS, b: {} }), { operation: "responses", body }))).toBe("a");
  });

  it.each(STATE)("of `%s` that nothing in the chain keeps is a 400", (param, body, code) => {
    const made = plan(world({ a: CHAT_ONLY }), aRequest({ operation: "responses", body }));
    expect(made).toMatchObject({ kind: "unsupported-parameter", param, code });
    expect(isFailure(made) ? statusOf(made) : 200).toBe(400);
    expect(isFailure(made) ? made.message : "").toContain("`store: false`");
  });

  it("is not sought where a flag says that nothing is kept", () => {
    const at = { operation: "responses", body: { previous_response_id: "resp_1" } } as const;
    expect(drawn(planned(world({ a: NO_STATE, b: {} }), at))).toBe("b | a lacks_stored_state");
    const made = plan(world({ a: NO_STATE }), aRequest(at));
    expect(made).toMatchObject({ kind: "unsupported-parameter", code: "previous_response_not_found" });
  });

  it("that a keeper would keep, could it be asked, is a 503", () => {
    const sketches = { a: CHAT_ONLY, b: { unavailable: "missing_credential" } };
    const body = { previous_response_id: "resp_1" };
    expect(plan(world(sketches), aRequest({ operation: "responses", body }))).toMatchObject({ kind: "no-candidate" });
  });

  it("of a thread goes to the first that speaks messages, and is not found where none does", () => {
    const asked = {
      operation: "messages",
      body: { thread: { type: "continue", previous_message_id: "msg_1" } },
    } as const;
    const native = { speaks: ["anthropic-messages"] } as const;
    const made = planned(world({ a: CHAT_ONLY, b: native, c: native }), asked);
    expect(drawn(made)).toBe("b | a needs_translation");
    expect(made.limits.failsOver).toBe(false);
    // The flag speaks of responses.
    expect(drawn(planned(world({ a: { ...native, ...NO_STATE } }), asked))).toBe("a");
    const refused = plan(world({ a: CHAT_ONLY }), aRequest(asked));
    expect(refused).toMatchObject({ kind: "not-found", param: "thread", code: "thread_not_found" });
  });

  it("is what the body says and not what a null says", () => {
    const body = { previous_response_id: null };
    expect(planned(world({ a: {}, b: {} }), { operation: "responses", body }).limits.failsOver).toBe(true);
  });
});

describe("no candidate", () => {
  it("is told with every reason once, and target by target for the log", () => {
    const sketches = {
      a: { unavailable: "missing_credential" },
      b: { unavailable: "missing_credential" },
      c: CHAT_ONLY,
    };
    const made = plan(world(sketches), aRequest({ operation: "responses" }));
    expect(made).toMatchObject({
      kind: "no-candidate",
      message: "No provider can answer for agent 'main' here (missing_credential, needs_translation).",
      detail: "a: missing_credential, b: missing_credential, c: needs_translation",
    });
  });

  it("is told of an agent without models", () => {
    expect(plan(world({}), aRequest())).toMatchObject({
      kind: "no-candidate",
      message: "No provider can answer for agent 'main' here (no model is configured).",
    });
  });

  it("is not what a wrong name gets", () => {
    expect(plan(world({ a: {} }), aRequest({ body: { model: "gpt-4o" } }))).toMatchObject({ code: "model_not_found" });
  });
});

describe("limits", () => {
  it("count the deadline from the complete body", () => {
    expect(planned(world({ a: {} }, { deadlineMs: 30_000 }), { bodyAt: 500 }).limits.deadlineAt).toBe(30_500);
  });

  it("let a plain request fail over and hold an exact one", () => {
    expect(planned(world({ a: {}, b: {} })).limits.failsOver).toBe(true);
    const exact = planned(world({ a: {}, b: {} }), { steering: { model: "b" } });
    expect([drawn(exact), exact.requested, exact.limits.failsOver]).toEqual(["b", "b", false]);
  });

  it("are those of the file", () => {
    const { behaviour } = world({});
    const hedge = { afterMs: 300, share: 0.05 };
    const rotations = { rateLimited: 3, overloaded: 0 };
    const more = { attemptsMax: 2, overloadedBackoffMs: 250, sameProviderShare: 0.1, hedge, rotations };
    expect(planned(world({ a: {} }, {}, { behaviour: { ...behaviour, ...more } })).limits).toEqual({
      heals: true,
      attemptsMax: 2,
      overloadedBackoffMs: 250,
      sameProviderShare: 0.1,
      hedge,
      rotations: { rate_limit: 3, overloaded: 0 },
      deadlineAt: 900_000,
      failsOver: true,
    });
  });
});
