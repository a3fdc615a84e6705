// What servers that get chat completions wrong have been seen to send, and what a client is to get of it.

const HEAD = { id: "chatcmpl-7", object: "chat.completion.chunk", created: 1_770_000_000, model: "qwen" };

/** A chunk of choice 0. */
export function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return { ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }], ...more };
}

/** A chunk with calls, as they are written. */
export function calling(...calls: readonly object[]): object {
  return chunk({ tool_calls: calls });
}

/** One entry of `tool_calls`. */
export function called(of: { index?: number; id?: string | null; name?: string; args?: unknown }): object {
  const { index, id, name, args } = of;
  const own = { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) };
  return {
    ...(index === undefined ? {} : { index }),
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { type: "function" }),
    function: own,
  };
}

const ROLE = chunk({ role: "assistant", content: "" });
const STOP = chunk({}, "stop");
const CALLED = chunk({}, "tool_calls");
const DONE = "[DONE]";
const PARIS = '{"city":"Paris"}';
const ROME = '{"city":"Rome"}';
const usage = { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 };

/** One deviation. */
export interface WeakServer {
  readonly what: string;
  /** Data of the events. */
  readonly sends: readonly (object | string)[];
  /** Names of what is done. */
  readonly repairs: readonly string[];
  /** Calls of the answer: name and arguments; ids as far as they are the server's. */
  readonly calls?: readonly (readonly [name: string, args: string, id?: string])[];
  readonly text?: string;
  readonly finish: string;
  readonly usage?: object;
}

/** TABLE: deviations in streams. */
export const WEAK_STREAMS: readonly WeakServer[] = [
  {
    what: "no index (Gemini's OpenAI layer, 2025)",
    sends: [
      ROLE,
      calling(called({ id: "a", name: "f", args: PARIS })),
      calling(called({ id: "b", name: "f", args: ROME })),
      CALLED,
      DONE,
    ],
    repairs: ["call-index"],
    calls: [
      ["f", PARIS, "a"],
      ["f", ROME, "b"],
    ],
    finish: "tool_calls",
  },
  {
    what: "index 0 for every call (bifrost issue 1829)",
    sends: [
      ROLE,
      calling(called({ index: 0, id: "a", name: "f", args: "" })),
      calling(called({ index: 0, args: PARIS })),
      calling(called({ index: 0, id: "b", name: "g", args: "" })),
      calling(called({ index: 0, args: ROME })),
      CALLED,
      DONE,
    ],
    repairs: ["call-index"],
    calls: [
      ["f", PARIS, "a"],
      ["g", ROME, "b"],
    ],
    finish: "tool_calls",
  },
  {
    what: "calls numbered from 1",
    sends: [
      ROLE,
      calling(called({ index: 1, id: "a", name: "f", args: "" })),
      calling(called({ index: 1, args: PARIS })),
      CALLED,
      DONE,
    ],
    repairs: ["call-index"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "no id at all, arguments in parts",
    sends: [
      ROLE,
      calling(called({ index: 0, name: "f", args: '{"city":' })),
      calling(called({ index: 0, args: '"Paris"}' })),
      calling(called({ index: 1, name: "g", args: ROME })),
      CALLED,
      DONE,
    ],
    repairs: ["call-id"],
    calls: [
      ["f", PARIS],
      ["g", ROME],
    ],
    finish: "tool_calls",
  },
  {
    what: "an id that is empty (llama.cpp)",
    sends: [ROLE, calling(called({ index: 0, id: "", name: "f", args: PARIS })), CALLED, DONE],
    repairs: ["call-id"],
    calls: [["f", PARIS]],
    finish: "tool_calls",
  },
  {
    what: "the same id for every call (text-generation-inference)",
    sends: [
      ROLE,
      calling(called({ index: 0, id: "0", name: "f", args: PARIS })),
      calling(called({ index: 1, id: "0", name: "g", args: ROME })),
      CALLED,
      DONE,
    ],
    repairs: ["call-id"],
    calls: [
      ["f", PARIS, "0"],
      ["g", ROME],
    ],
    finish: "tool_calls",
  },
  {
    what: "an id made up for every chunk (older vLLM)",
    sends: [
      ROLE,
      calling(called({ index: 0, id: "a", name: "f", args: '{"city":' })),
      calling(called({ index: 0, id: "x", args: '"Paris"}' })),
      CALLED,
      DONE,
    ],
    repairs: ["call-id"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "the name again with every part",
    sends: [
      ROLE,
      calling(called({ index: 0, id: "a", name: "f", args: "" })),
      calling(called({ index: 0, id: "a", name: "f", args: '{"city":' })),
      calling(called({ index: 0, id: "a", name: "f", args: '"Paris"}' })),
      CALLED,
      DONE,
    ],
    repairs: ["call-name"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "arguments before the name",
    sends: [
      ROLE,
      calling({ index: 0, id: "a", type: "function", function: { arguments: '{"city":' } }),
      calling(called({ index: 0, name: "f", args: '"Paris"}' })),
      CALLED,
      DONE,
    ],
    repairs: [],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "no type",
    sends: [
      ROLE,
      calling({ index: 0, id: "a", function: { name: "f", arguments: "" } }),
      calling(called({ index: 0, args: PARIS })),
      CALLED,
      DONE,
    ],
    repairs: ["call-type"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "arguments as an object (LocalAI)",
    sends: [ROLE, calling(called({ index: 0, id: "a", name: "f", args: { city: "Paris" } })), CALLED, DONE],
    repairs: ["arguments-text"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "arguments that are null before they come",
    sends: [
      ROLE,
      calling(called({ index: 0, id: "a", name: "f", args: null })),
      calling(called({ index: 0, args: PARIS })),
      CALLED,
      DONE,
    ],
    repairs: ["arguments-text"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "two calls merged into one, in one part",
    sends: [ROLE, calling(called({ index: 0, id: "a", name: "f", args: `${PARIS}${ROME}` })), CALLED, DONE],
    repairs: ["calls-split", "call-id"],
    calls: [
      ["f", PARIS, "a"],
      ["f", ROME],
    ],
    finish: "tool_calls",
  },
  {
    what: "three calls merged into one, cut anywhere, and a fourth behind them",
    sends: [
      ROLE,
      calling(called({ index: 0, id: "a", name: "f", args: '{"city":"Pa' })),
      calling(called({ index: 0, args: 'ris"}\n{"city":"{Ro' })),
      calling(called({ index: 0, args: 'me}\\""} {' })),
      calling(called({ index: 0, args: "}" })),
      calling(called({ index: 1, id: "b", name: "g", args: "{" })),
      calling(called({ index: 1, args: "}" })),
      CALLED,
      DONE,
    ],
    repairs: ["calls-split", "call-id"],
    calls: [
      ["f", `${PARIS}\n`, "a"],
      ["f", '{"city":"{Rome}\\""} '],
      ["f", "{}"],
      ["g", "{}", "b"],
    ],
    finish: "tool_calls",
  },
  {
    what: "`stop` behind calls (older Ollama, LM Studio)",
    sends: [ROLE, calling(called({ index: 0, id: "a", name: "f", args: PARIS })), STOP, DONE],
    repairs: ["finish-calls"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "`tool_calls` without calls, and an empty list of them (OpenClaw §5.6)",
    sends: [ROLE, chunk({ content: "Hi", tool_calls: [] }), chunk({ tool_calls: [] }, "tool_calls"), DONE],
    repairs: ["calls-emptied", "finish-calls"],
    text: "Hi",
    finish: "stop",
  },
  {
    what: "no role",
    sends: [chunk({ content: "Hi" }), chunk({ content: " there" }), STOP, DONE],
    repairs: ["role-added"],
    text: "Hi there",
    finish: "stop",
  },
  {
    what: "no reason for ending in front of the terminator",
    sends: [ROLE, chunk({ content: "Hi" }), DONE],
    repairs: ["finish-added"],
    text: "Hi",
    finish: "stop",
  },
  {
    what: "no reason for ending behind a call",
    sends: [ROLE, calling(called({ index: 0, id: "a", name: "f", args: PARIS })), DONE],
    repairs: ["finish-added"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "another vendor's word for the end",
    sends: [ROLE, chunk({ content: "Hi" }), chunk({}, "eos"), DONE],
    repairs: ["finish-word"],
    text: "Hi",
    finish: "stop",
  },
  {
    what: "`max_tokens` for a limit",
    sends: [ROLE, chunk({ content: "Hi" }), chunk({}, "MAX_TOKENS"), DONE],
    repairs: ["finish-word"],
    text: "Hi",
    finish: "length",
  },
  {
    what: "usage in the first choice (Moonshot)",
    sends: [
      ROLE,
      chunk({ content: "Hi" }),
      { ...HEAD, choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] },
      DONE,
    ],
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage,
  },
  {
    what: "usage under x_groq (Groq)",
    sends: [
      ROLE,
      chunk({ content: "Hi" }),
      chunk({}, "stop", { x_groq: { id: "req_1", usage: { ...usage, queue_time: 0.1 } } }),
      DONE,
    ],
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage: { ...usage, queue_time: 0.1 },
  },
  {
    what: "usage beside the last choice (DeepSeek, Mistral)",
    sends: [ROLE, chunk({ content: "Hi" }), chunk({}, "stop", { usage }), DONE],
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage,
  },
  {
    what: "usage beside the last choice and once more at the end",
    sends: [ROLE, chunk({ content: "Hi" }), chunk({}, "stop", { usage }), { ...HEAD, choices: [], usage }, DONE],
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage,
  },
  {
    what: "timings in the place of usage (llama.cpp)",
    sends: [
      ROLE,
      chunk({ content: "Hi" }),
      chunk({}, "stop", { timings: { prompt_n: 8, cache_n: 3, predicted_n: 5, predicted_per_second: 80.5 } }),
      DONE,
    ],
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage: { ...usage, prompt_tokens_details: { cached_tokens: 3 } },
  },
  {
    what: "everything at once: no role, index, id, reason or text of arguments",
    sends: [
      calling(called({ name: "f", args: { city: "Paris" } })),
      calling(called({ name: "g", args: { city: "Rome" } })),
      DONE,
    ],
    repairs: ["role-added", "arguments-text", "call-index", "call-id", "finish-added"],
    calls: [
      ["f", PARIS],
      ["g", ROME],
    ],
    finish: "tool_calls",
  },
];

/** TABLE: the same in whole answers. */
export const WEAK_ANSWERS: readonly (Omit<WeakServer, "sends"> & {
  readonly message: object;
  readonly ends?: unknown;
  readonly more?: object;
})[] = [
  {
    what: "calls without ids, `stop` behind them (older Ollama)",
    message: {
      role: "assistant",
      content: "",
      tool_calls: [called({ name: "f", args: PARIS }), called({ name: "g", args: ROME })],
    },
    repairs: ["call-id", "finish-calls"],
    calls: [
      ["f", PARIS],
      ["g", ROME],
    ],
    finish: "tool_calls",
  },
  {
    what: "arguments as objects",
    message: { role: "assistant", tool_calls: [called({ id: "a", name: "f", args: { city: "Paris" } })] },
    ends: "tool_calls",
    repairs: ["arguments-text"],
    calls: [["f", PARIS, "a"]],
    finish: "tool_calls",
  },
  {
    what: "two calls merged into one",
    message: { role: "assistant", tool_calls: [called({ id: "a", name: "f", args: PARIS + ROME })] },
    ends: "tool_calls",
    repairs: ["calls-split", "call-id"],
    calls: [
      ["f", PARIS, "a"],
      ["f", ROME],
    ],
    finish: "tool_calls",
  },
  {
    what: "an empty list of calls and no role",
    message: { content: "Hi", tool_calls: [] },
    repairs: ["role-added", "calls-emptied"],
    text: "Hi",
    finish: "stop",
  },
  {
    what: "no reason for ending",
    message: { role: "assistant", content: "Hi" },
    ends: null,
    repairs: ["finish-added"],
    text: "Hi",
    finish: "stop",
  },
  {
    what: "timings in the place of usage (llama.cpp)",
    message: { role: "assistant", content: "Hi" },
    more: { timings: { prompt_n: 11, predicted_n: 5 } },
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage,
  },
  {
    what: "usage in the choice (Moonshot)",
    message: { role: "assistant", content: "Hi" },
    more: {
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop", usage }],
    },
    repairs: ["usage-moved"],
    text: "Hi",
    finish: "stop",
    usage,
  },
];
