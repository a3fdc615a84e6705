// Words about the shape of a request. None of these kinds puts anything to rest, so these rows may read what a client chose.
import type { WordRow } from "./word-rows.ts";

/** First what no provider would take, then what this one dislikes though another may not (decision 14). */
export const SHAPE_WORDS: readonly WordRow[] = [
  {
    kind: "rejected",
    words: /image (?:exceeds|dimensions exceed|size)|image dimensions|could not process image/,
    source: "Anthropic; OpenClaw §4.3 row 1: image complaints are no failover",
  },
  {
    kind: "rejected",
    words:
      /previous response.{0,120}not found|no such (?:file|vector)|(?:session|conversation).{0,60}(?:not found|expired)/,
    source: "OpenAI; OpenClaw §4.3 row 2: what was stored there is not here",
  },
  {
    kind: "rejected",
    words: /\b(?:item|response|prompt|vector store|container) with id .{0,120}not found/,
    source: "OpenAI Responses: ids that clients send, of what was never stored or is there no more",
    quoted: true,
  },

  {
    kind: "rejected-by-provider",
    words: /(?:unsupported|unrecognized|unknown|unexpected)[_ ](?:request )?(?:parameter|argument|field|value|inputs?)/,
    source: "OpenAI, Google",
    quoted: true,
  },
  {
    kind: "rejected-by-provider",
    words: /(?:do(?:es)? not|doesn't) support|not supported/,
    source: "Ollama, OpenAI, Groq, Anthropic",
    quoted: true,
  },
  {
    kind: "rejected-by-provider",
    words: /extra (?:inputs|fields) (?:are )?not permitted|extra_forbidden/,
    source: "Mistral, Anthropic, FastAPI",
  },
  { kind: "rejected-by-provider", words: /cannot find field/, source: "Google" },
  {
    kind: "rejected-by-provider",
    words: /requires --|requires? .{0,20}--jinja|--enable-auto-tool-choice/,
    source: "vLLM, llama.cpp: a switch of the server",
  },
  {
    kind: "rejected-by-provider",
    words: /string should match pattern|tool call id .{0,60}must be/,
    source: "Anthropic, Mistral; OpenClaw §4.3 row 16",
    quoted: true,
  },
  { kind: "rejected-by-provider", words: /invalid request format/, source: "OpenClaw §4.3 row 16" },
  {
    kind: "rejected-by-provider",
    words: /expected a string|must be a string|expected string, got/,
    source: "LM Studio, DeepSeek: content parts",
  },
  { kind: "rejected-by-provider", words: /failed to (?:deserialize|parse) .{0,40}body/, source: "DeepSeek, xAI" },
  {
    kind: "rejected-by-provider",
    words: /image input is not|no image input|is not a multimodal model/,
    source: "llama.cpp, vLLM",
  },
];
