// Complaints of a request's shape in words of their own: what they ask to be changed. A row is anchored to where the provider's words begin
// (beginnings.ts), unless no client would write such words.
import type { RemedyName } from "../../core/remedy.ts";

/** A sentence and its cure. */
export interface ComplaintRow {
  readonly remedy: RemedyName;
  /** For lower-case text. Every repetition is bounded. */
  readonly words: RegExp;
  /** Who writes it. */
  readonly source: string;
}

export const COMPLAINT_ROWS: readonly ComplaintRow[] = [
  {
    remedy: "string-content",
    words: /messages\[\d{1,5}\](?:\.content)?: (?:invalid type: sequence, )?expected a string/,
    source: "DeepSeek and other servers in Rust; LM Studio without the type",
  },
  {
    remedy: "string-content",
    words: /invalid type for '(?:messages|input)\[\d{1,5}\]\.content': expected a string, but got an array/,
    source: "Azure OpenAI",
  },
  {
    remedy: "string-content",
    words: /cannot unmarshal array into go struct field message\.messages\.content of type string/,
    source: "Ollama",
  },
  { remedy: "string-content", words: /expected string at field messages\.content got instead array/, source: "IONOS" },
  {
    remedy: "string-content",
    words:
      /messages\.\d{1,5}[\w.]{0,64}\.content(?:\.str)?'? ?: (?:input should be a valid string(?! or)|value must be a string)/,
    source: "servers in Python; Groq",
  },

  { remedy: "system-role", words: /unknown variant `developer`, expected/, source: "DeepSeek" },
  {
    remedy: "system-role",
    words: /role['`]?(?: specified in the request are not valid)?: invalid (?:role|value:) ['`]developer['`]/,
    source: "Volcengine; New API",
  },
  { remedy: "system-role", words: /^invalid enum value\. expected .{1,120}, received 'developer'/, source: "Vercel" },
  { remedy: "system-role", words: /^'?developer'? is not one of \[/, source: "Alibaba DashScope" },
  {
    remedy: "system-role",
    words: /^input tag 'developer' found using 'role' does not match/,
    source: "Mistral, Cerebras, SiliconFlow",
  },
  {
    remedy: "system-role",
    words: /unexpected message role|discriminator property 'role' has invalid value/,
    source: "chat templates: llama.cpp, vLLM, LM Studio; Groq",
  },

  {
    remedy: "no-tools",
    words: /^"?[\w./:@-]{1,200}"? does not support (?:tools|function calling)/,
    source: "Ollama; DeepSeek",
  },
  { remedy: "no-tools", words: /^"auto" tool choice requires --enable-auto-tool-choice/, source: "vLLM" },
  { remedy: "no-tools", words: /^tools param requires --jinja/, source: "llama.cpp" },
  { remedy: "no-tools", words: /^no endpoints found that support tool use/, source: "OpenRouter" },
  {
    remedy: "no-tools",
    words: /^`?tool calling`? is not supported (?:with|for) (?:this )?model/,
    source: "Groq; DeepInfra",
  },
  { remedy: "no-tools", words: /^function calling is not enabled for/, source: "Mistral, Google" },

  {
    remedy: "no-effort",
    words:
      /^(?:registry\.)?"?[\w./:@-]{1,200}"? does not support thinking|^think value "\w{1,16}" is not supported for this model/,
    source: "Ollama",
  },
  {
    remedy: "no-effort",
    words: /^[`']?reasoning_effort[`']? must be one of|^level "\w{1,16}" not supported, valid levels/,
    source: "Groq; CLIProxyAPI",
  },
  {
    remedy: "no-effort",
    words: /validation error for `reasoning_effort`: expected one of/,
    source: "Moonshot, hosted",
  },

  {
    remedy: "no-strict",
    words: /^tools with (?:strict=true|mixed values for 'strict') are not (?:supported|allowed)/,
    source: "Cerebras",
  },
  {
    remedy: "no-strict",
    words:
      /^invalid schema for function '[\w.-]{1,64}': in context=\([^)]{0,400}\), '\w{1,40}' is (?:required to be supplied|not permitted)/,
    source: "OpenAI, when a strict tool's schema is not strict",
  },
  {
    remedy: "plain-schema",
    words: /^invalid json payload received\. unknown name "[\w$]{1,40}" at '(?:request\.)?tools\[/,
    source: "Google",
  },
  {
    remedy: "plain-schema",
    words: /failed to initialize samplers: failed to parse grammar/,
    source: "llama.cpp, LM Studio",
  },
  {
    remedy: "plain-schema",
    words: /^the provided json schema contains features not supported by xgrammar/,
    source: "vLLM",
  },

  {
    remedy: "no-top-p",
    words: /`?temperature`? and `?top_p`? cannot both be specified for this model/,
    source: "Anthropic, Amazon Bedrock, Copilot",
  },
];
