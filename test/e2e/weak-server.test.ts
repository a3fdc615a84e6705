// A weak local server behind the real process, and the official SDK in front of it: tools are called with the arguments that were meant.
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { answer, type Asked, type Behaviour, status, streamOf } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

let provider: Provider;
let edge: Edge;
let client: OpenAI;

/** Providers by what the file says of them; all are the same server, on loopback. */
const PROVIDERS: Readonly<Record<string, object>> = {
  weak: {},
  streaming: { answersOnly: "streams" },
  whole: { answersOnly: "whole" },
  bare: { repairs: false },
  picky: { repairs: ["finish-calls", "stream-from-whole", "whole-from-stream"], toolText: false },
};
const ENTITIES = { toolCallArgumentsEncoding: "html-entities" };

/** How long an answer may be. */
const ANSWER_BYTES = 4_000_000;

beforeAll(async () => {
  provider = await startProvider();
  const names = Object.keys(PROVIDERS);
  const entry = (name: string) => ({
    baseUrl: provider.url,
    apiKey: "local-key",
    api: "openai-completions",
    models: [{ id: name }, { id: `${name}-entities`, compat: ENTITIES }],
  });
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: Object.fromEntries(names.map((name) => [name, entry(name)])) },
      agents: { defaults: { model: { primary: "weak/weak" } } },
      edge: {
        limits: { answerBytes: ANSWER_BYTES },
        models: { expose: "all" },
        providers: Object.fromEntries(names.map((name) => [name, { dialects: ["openai-chat"], ...PROVIDERS[name] }])),
      },
    },
  });
  client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: edge.token, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

let asked: unknown[];
beforeEach(() => {
  asked = [];
});

const tools = [
  {
    type: "function" as const,
    function: {
      name: "get_weather",
      description: "The weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      parse: JSON.parse,
      function: (args: { city: string }): string => {
        asked.push(args);
        return `fine in ${args.city}`;
      },
    },
  },
];
const messages = [{ role: "user" as const, content: "How is the weather in Paris and Rome?" }];
const event = (choice: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "weak", choices: [choice], ...more })}\n\n`;
const delta = (of: object, finish: string | null = null): string =>
  event({ index: 0, delta: of, finish_reason: finish });
const TEXT = [delta({ content: "Fine in both." }), "data: [DONE]\n\n"];

/** No role, no index, no ids, arguments as an object; two calls in one text; `stop`, no usage. */
const CALLS = [
  delta({ tool_calls: [{ function: { name: "get_weather", arguments: { city: "Paris" } } }] }),
  delta({ tool_calls: [{ function: { name: "get_weather", arguments: '{"city":"Rome"}{"city":"O' } }] }),
  delta({ tool_calls: [{ function: { arguments: 'slo"}' } }] }),
  delta({}, "stop"),
  "data: [DONE]\n\n",
];
const completion = (message: object, finish: string | null): object => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "weak",
  choices: [{ index: 0, message, finish_reason: finish }],
});
const CITIES = [{ city: "Paris" }, { city: "Rome" }, { city: "Oslo" }];

/** Calls first, text once their results are there. */
function inTurns(calls: Behaviour, text: Behaviour): Behaviour {
  return (request) => (hasResults(request) ? text(request) : calls(request));
}

function hasResults(request: Asked): boolean {
  return (request.json()["messages"] as { role: string }[]).some(({ role }) => role === "tool");
}

/** Ids of calls and of their results, as the provider got them back. */
function idsOf(request: Asked): { calls: string[]; results: string[] } {
  const sent = request.json()["messages"] as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
  return {
    calls: sent.flatMap((message) => (message.tool_calls ?? []).map(({ id }) => id)),
    results: sent.flatMap((message) => message.tool_call_id ?? []),
  };
}

async function metrics(): Promise<string> {
  const response = await edge.get("/api/diagnostics/prometheus");
  return response.text();
}

describe("the official SDK's tools loop", () => {
  it.each([
    ["calls that are wrong in every way", inTurns(streamOf(CALLS), streamOf(TEXT)), CITIES],
    [
      "calls written as text in brackets",
      inTurns(
        streamOf([
          delta({ role: "assistant", content: '\n[get_weather]\n{"ci' }),
          delta({ content: 'ty":"Rome"}\n[END_TOOL' }),
          delta({ content: "_REQUEST]\n" }, "stop"),
          "data: [DONE]\n\n",
        ]),
        streamOf(TEXT),
      ),
      [{ city: "Rome" }],
    ],
    [
      "a whole answer for a stream",
      inTurns(
        status(
          200,
          completion(
            { content: null, tool_calls: [{ function: { name: "get_weather", arguments: { city: "Rome" } } }] },
            "stop",
          ),
        ),
        status(200, completion({ content: "Fine in both." }, null)),
      ),
      [{ city: "Rome" }],
    ],
  ] as const)("streamed, over %s", async (_what, behaviour, cities) => {
    provider.on("weak", behaviour);
    const runner = client.chat.completions.runTools({ model: "weak/weak", messages, tools, stream: true });
    expect(await runner.finalContent()).toBe("Fine in both.");
    expect(asked).toEqual(cities);
    const { calls, results } = idsOf(provider.requests.at(-1) as Asked);
    expect(results).toEqual(calls);
    expect(new Set(calls).size).toBe(cities.length);
    for (const id of calls) expect(id).toMatch(/^call_[0-9a-f]{24}$/);
  });

  it.each([
    [
      "calls without ids, arguments as objects, `stop`",
      status(
        200,
        completion(
          {
            content: "",
            tool_calls: [
              { function: { name: "get_weather", arguments: { city: "Paris" } } },
              { function: { name: "get_weather", arguments: '{"city":"Rome"}{"city":"Oslo"}' } },
            ],
          },
          "stop",
        ),
      ),
      CITIES,
    ],
    [
      "text in brackets",
      status(200, completion({ role: "assistant", content: '[get_weather]\n{"city":"Rome"}\n[/get_weather]' }, "stop")),
      [{ city: "Rome" }],
    ],
    ["a stream for an answer", streamOf(CALLS), CITIES],
  ] as const)("whole, over %s", async (_what, behaviour, cities) => {
    provider.on("weak", inTurns(behaviour, streamOf(TEXT)));
    const runner = client.chat.completions.runTools({ model: "weak/weak", messages, tools });
    expect(await runner.finalContent()).toBe("Fine in both.");
    expect(asked).toEqual(cities);
    const { calls, results } = idsOf(provider.requests.at(-1) as Asked);
    expect(results).toEqual(calls);
  });

  it("decodes entities where the file says so", async () => {
    const call = {
      index: 0,
      id: "a",
      type: "function",
      function: { name: "get_weather", arguments: "{&quot;city&quot;:" },
    };
    const encoded = { ...call, function: { ...call.function, arguments: '{"city":"A &amp;' } };
    const more = { index: 0, function: { arguments: ' B &lt;3"}' } };
    provider.on(
      "weak-entities",
      inTurns(
        streamOf([
          delta({ role: "assistant", tool_calls: [encoded] }),
          delta({ tool_calls: [more] }),
          delta({}, "tool_calls"),
          "data: [DONE]\n\n",
        ]),
        streamOf(TEXT),
      ),
    );
    const runner = client.chat.completions.runTools({ model: "weak/weak-entities", messages, tools, stream: true });
    await runner.finalContent();
    expect(asked).toEqual([{ city: "A & B <3" }]);
  });
});

describe("a client of the Responses API", () => {
  it.each([true, false])("gets the calls in its own words (stream: %s)", async (stream) => {
    provider.on("weak", streamOf(CALLS));
    const own = tools.map(({ function: { name, parameters } }) => ({
      type: "function" as const,
      name,
      parameters,
      strict: false,
    }));
    const body = { model: "weak/weak", input: "weather?", tools: own };
    const response = stream ? await client.responses.stream(body).finalResponse() : await client.responses.create(body);
    const items: readonly OpenAI.Responses.ResponseOutputItem[] = response.output;
    const calls = items.filter((item) => item.type === "function_call");
    expect(calls.map(({ arguments: args }) => JSON.parse(args) as unknown)).toEqual(CITIES);
    expect(new Set(calls.map(({ call_id: id }) => id)).size).toBe(3);
  });
});

describe("a server that has one kind of answer only", () => {
  const whole = status(200, completion({ role: "assistant", content: "Hello" }, "stop"));
  const stream = streamOf([
    delta({ role: "assistant", content: "Hel" }),
    delta({ content: "lo" }),
    delta({}, "stop"),
    "data: [DONE]\n\n",
  ]);
  const either: Behaviour = (request) => (request.stream ? stream(request) : whole(request));

  it.each([
    ["streaming", true],
    ["whole", false],
  ] as const)("is asked for %s ones, and its client gets what it wants", async (name, streams) => {
    provider.on(name, either);
    const body = { model: `${name}/${name}`, messages, stream_options: { include_usage: true } };
    const streamed = await client.chat.completions.stream(body).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe("Hello");
    const { stream_options: _options, ...plain } = body;
    const answered = await client.chat.completions.create(plain);
    expect(answered.choices[0]?.message.content).toBe("Hello");
    expect(answered.choices[0]?.finish_reason).toBe("stop");
    const sent = provider.requestsFor(name).map((request) => request.json());
    expect(sent.map((request) => request["stream"] ?? false)).toEqual([streams, streams]);
    for (const request of sent) expect(Object.hasOwn(request, "stream_options")).toBe(streams);
  });
});

describe("a whole answer behind a byte order mark", () => {
  const text = JSON.stringify(completion({ role: "assistant", content: "Hello" }, "stop"));
  it.each([[false], [true]])("is an answer, streamed: %s", async (stream) => {
    provider.on("weak", status(200, `\ufeff${text}`, [["content-type", "application/json"]]));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream });
    const heard = await response.text();
    expect([response.status, stream ? heard.includes('"delta":{"content":"Hello"}') : heard === text]).toEqual([
      200,
      true,
    ]);
    const id = response.headers.get("x-request-id");
    const line = await edge.logged((each) => each["requestId"] === id, "the access line");
    expect(line["repairs"]).toContain("mark-dropped");
  });
});

describe("a stream that calls itself something else", () => {
  const text = [
    delta({ role: "assistant", content: "Hel" }),
    delta({ content: "lo" }, "stop"),
    "data: [DONE]\n\n",
  ].join("");
  it.each([
    ["JSON", "application/json", text],
    ["JSON, behind a comment", "application/json", `: hm\n\n${text}`],
    ["a page", "text/html; charset=utf-8", text],
    ["nothing", "", text],
  ])("is one all the same: %s", async (_what, type, sent) => {
    provider.on("weak", status(200, sent, type === "" ? [] : [["content-type", type]]));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
    expect(await response.text()).toBe(text);
  });
});

describe("a whole answer to a streamed request, whatever its head says", () => {
  const body = JSON.stringify(completion({ role: "assistant", content: "Hello" }, "stop"));
  const answered = (type: string, text: string): Behaviour =>
    status(200, text, type === "" ? [] : [["content-type", type]]);
  const calls = JSON.stringify(
    completion({ content: null, tool_calls: [{ id: "c1", function: { name: "f", arguments: "{}" } }] }, "tool_calls"),
  );
  it.each<[how: string, type: string, text: string]>([
    ["without a word on its type", "", body],
    ["as text", "text/plain; charset=utf-8", body],
    ["as a stream", "text/event-stream", body],
    ["with an empty line behind it", "text/plain", `${body}\n\n`],
    ["over several lines", "application/octet-stream", JSON.stringify(JSON.parse(body), null, 2)],
    ["as an event", "text/event-stream", `data: ${body}\n\n`],
    ["as an event in front of the terminator", "text/event-stream", `data: ${body}\n\ndata: [DONE]\n\n`],
    [
      "as an event in front of its end again",
      "text/event-stream",
      `data: ${body}\n\n${delta({}, "stop")}data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\ndata: [DONE]\n\n`,
    ],
    [
      "as an event behind a role",
      "text/event-stream",
      `${delta({ role: "assistant", content: "" })}data: ${body}\n\ndata: [DONE]\n\n`,
    ],
    [
      "as an event that says chunk, its end in the next",
      "text/event-stream",
      `data: ${JSON.stringify({ object: "chat.completion.chunk", choices: [{ index: 0, message: { role: "assistant", content: "Hello" } }] })}\n\n${delta({}, "stop")}`,
    ],
    [
      "as an event beside a delta that says nothing",
      "text/event-stream",
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
    ],
    [
      "over several lines, some of them blank",
      "text/event-stream",
      JSON.stringify(JSON.parse(body), null, 2).replaceAll("\n", "\n\n"),
    ],
  ])("is told in deltas: %s", async (_how, type, text) => {
    provider.on("weak", answered(type, text));
    const heard: OpenAI.ChatCompletionChunk.Choice[] = [];
    for await (const { choices } of await client.chat.completions.create({
      model: "weak/weak",
      messages,
      stream: true,
    })) {
      heard.push(...choices);
    }
    // As people read streams: the SDK's helper finds a message as well.
    expect(heard.map((choice) => choice.delta.content ?? "").join("")).toBe("Hello");
    expect(heard.at(-1)?.finish_reason).toBe("stop");
  });

  it("has the usage that comes in an event behind it", async () => {
    const said = JSON.stringify({ ...JSON.parse(body), usage: undefined });
    const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
    const behind = `data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`;
    provider.on("weak", answered("text/event-stream", `data: ${said}\n\n${behind}`));
    const asked = { model: "weak/weak", messages, stream: true, stream_options: { include_usage: true } } as const;
    const heard: (OpenAI.CompletionUsage | null | undefined)[] = [];
    for await (const chunk of await client.chat.completions.create(asked)) heard.push(chunk.usage);
    expect(heard.at(-1)).toMatchObject(usage);
  });

  it("over several lines, some of them blank, is counted with what stood before it", async () => {
    const text = `: hm\n\n${JSON.stringify(JSON.parse(body), null, 2).replaceAll("\n", "\n\n")}`;
    provider.on("weak", answered("text/event-stream", text));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    expect(await response.text()).toContain('"delta":{"content":"Hello"}');
    const id = response.headers.get("x-request-id");
    const line = await edge.logged((each) => each["requestId"] === id, "the access line");
    expect(line["repairs"]).toEqual(expect.arrayContaining(["comments-dropped", "stream-from-whole"]));
  });

  it.each([
    ["without an end", `data: ${JSON.stringify({ choices: [{ message: { content: "Hel" } }] })}\n\n`],
    ["whose head says nothing of it", JSON.stringify(JSON.parse(body), null, 2).replaceAll("\n", "\n\n").slice(0, -4)],
  ])("is no answer where it was cut: %s", async (_how, text) => {
    provider.on("weak", answered("text/event-stream", text));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    expect([response.status, (await response.text()).includes('"code":"upstream')]).toEqual([502, true]);
  });

  // Each of them read and wrote the whole answer anew: a minute in which nobody else was served.
  it("costs no more for being long, however much comes behind it", async () => {
    const long = body.replace("Hello", "x".repeat(1_000_000));
    const behind = `data: {"choices":[{"delta":{}}],"usage":{}}\n\n`.repeat(10_000);
    provider.on("weak", answered("text/event-stream", `data: ${long}\n\n${behind}data: [DONE]\n\n`));
    const streamed = edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    expect((await (await streamed).text()).length).toBeGreaterThan(1_000_000);
  }, 10_000);

  it("is as long as all that comes behind it, and bounded so", async () => {
    const behind = delta({}, "x".repeat(100_000)).repeat(ANSWER_BYTES / 100_000);
    provider.on("weak", answered("text/event-stream", `data: ${body}\n\n${behind}data: [DONE]\n\n`));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    expect([response.status, (await response.text()).includes("upstream_invalid_response")]).toEqual([502, true]);
  });

  it("keeps its calls", async () => {
    provider.on("weak", answered("text/event-stream", `data: ${calls}\n\ndata: [DONE]\n\n`));
    const streamed = await client.chat.completions.stream({ model: "weak/weak", messages }).finalChatCompletion();
    expect(streamed.choices[0]?.message.tool_calls).toMatchObject([
      { id: "c1", function: { name: "f", arguments: "{}" } },
    ]);
  });

  it.each([
    ["another one", `data: ${body}\n\n`],
    ["a delta", delta({ content: " there" }, "stop")],
    ["content in a second choice", `data: ${body.replace('"index":0', '"index":1')}\n\ndata: [DONE]\n\n`],
    ["the rest of a message that comes in pieces", `data: ${body.replace("Hello", "lo")}\n\ndata: [DONE]\n\n`],
  ])("is none where more comes behind it, for that would be lost: %s", async (_what, more) => {
    provider.on("weak", answered("text/event-stream", `data: ${body}\n\n${more}`));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    expect([response.status, (await response.text()).includes("upstream_invalid_response")]).toEqual([502, true]);
  });

  it("is nobody's answer where nothing may be mended", async () => {
    provider.on("bare", answered("text/event-stream", `data: ${body}\n\ndata: [DONE]\n\n`));
    const exact = { headers: edge.headers({ "x-openclaw-model": "bare/bare" }) };
    const response = await edge.post("/v1/chat/completions", { messages, stream: true }, exact);
    expect([response.status, (await response.text()).includes("upstream_invalid_response")]).toEqual([502, true]);
  });
});

describe("what was done", () => {
  it("is counted and stands in the access line", async () => {
    provider.on("weak", streamOf(CALLS));
    const { response } = await client.chat.completions.create({ model: "weak/weak", messages }).withResponse();
    const id = response.headers.get("x-request-id");
    const line = await edge.logged(
      (each) => each["requestId"] === id && each["repairs"] !== undefined,
      "the access line",
    );
    expect(line["repairs"]).toEqual(
      expect.arrayContaining([
        "whole-from-stream",
        "role-added",
        "arguments-text",
        "call-index",
        "calls-split",
        "call-id",
        "finish-calls",
      ]),
    );
    expect(await metrics()).toMatch(/openclaw_edge_repairs_total\{provider="weak",repair="calls-split"\} [1-9]/);
  });

  it("counts what never reaches the client: a byte order mark, and comments in front of the first content", async () => {
    provider.on("weak", answer({ bom: true, comment: "PROCESSING" }));
    const response = await edge.post("/v1/chat/completions", { model: "weak/weak", messages, stream: true });
    await response.text();
    const id = response.headers.get("x-request-id");
    const line = await edge.logged((each) => each["requestId"] === id, "the access line");
    expect(line["repairs"]).toEqual(expect.arrayContaining(["mark-dropped", "comments-dropped"]));
  });

  it("never loses a choice: several are not folded into one", async () => {
    provider.on("weak", streamOf(CALLS));
    const exact = { headers: edge.headers({ "x-openclaw-model": "weak/weak" }) };
    const response = await edge.post("/v1/chat/completions", { messages, n: 2 }, exact);
    expect([response.status, (await response.text()).includes("upstream_invalid_response")]).toEqual([502, true]);
  });

  it("is nothing where the file says so", async () => {
    const sent = CALLS.join("");
    provider.on("bare", streamOf(CALLS));
    const response = await edge.post("/v1/chat/completions", { model: "bare/bare", messages, tools: [], stream: true });
    expect(await response.text()).toBe(sent);
    provider.on("picky", streamOf(CALLS));
    const picky = await edge.post("/v1/chat/completions", { model: "picky/picky", messages, stream: true });
    const text = await picky.text();
    expect(text).toContain('"finish_reason":"stop"');
    expect(text).toContain('"index":2');
    provider.on("bare", streamOf(TEXT));
    const exact = { headers: edge.headers({ "x-openclaw-model": "bare/bare" }) };
    const refused = await edge.post("/v1/chat/completions", { messages }, exact);
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      502,
      "upstream_invalid_response",
    ]);
  });

  it("warns of text that looks like a call, in OpenClaw's words, once and without touching it", async () => {
    const text = '{"name":"get_weather","arguments":{"city":"Rome"}}';
    provider.on(
      "weak",
      streamOf([
        delta({ role: "assistant", content: text.slice(0, 20) }),
        delta({ content: text.slice(20) }, "stop"),
        "data: [DONE]\n\n",
      ]),
    );
    const plain = tools.map(({ type, function: { name, parameters } }) => ({ type, function: { name, parameters } }));
    const { data, response } = await client.chat.completions
      .create({ model: "weak/weak", messages, tools: plain })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(text);
    const id = response.headers.get("x-request-id");
    const words =
      "Assistant reply looks like a tool call, but no structured tool invocation was emitted; treating it as text.";
    const line = await edge.logged((each) => each["runId"] === id, "the warning");
    expect(line).toMatchObject({
      msg: words,
      level: "warn",
      provider: "weak",
      model: "weak",
      pattern: "json_tool_call",
      toolName: "get_weather",
      registeredTool: true,
    });
    await client.chat.completions.create({ model: "weak/weak", messages });
    expect(edge.logs.filter((each) => each["msg"] === words)).toHaveLength(1);
  });
});
