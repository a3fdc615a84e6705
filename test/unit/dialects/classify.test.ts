// What errors of true providers mean. Bodies are as the providers write them.
import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../../src/core/failure.ts";
import { badPayload, classifyErrorObject, classifyResponse } from "../../../src/dialects/classify.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const error = (message: string, more: object = {}) => JSON.stringify({ error: { message, ...more } });

const ROWS: readonly [provider: string, status: number, body: string, kind: FailureKind][] = [
  [
    "OpenAI",
    401,
    error("Incorrect API key provided: sk-abc. You can find your API key at https://platform.openai.com.", {
      type: "invalid_request_error",
      param: null,
      code: "invalid_api_key",
    }),
    "auth",
  ],
  [
    "OpenAI",
    401,
    error("Your API key has been deactivated.", { type: "invalid_request_error", code: "account_deactivated" }),
    "auth-permanent",
  ],
  ["OpenAI", 403, error("You are not allowed to sample from this model", { type: "invalid_request_error" }), "auth"],
  [
    "OpenAI",
    404,
    error("The model `gpt-9` does not exist or you do not have access to it.", {
      type: "invalid_request_error",
      code: "model_not_found",
    }),
    "model-missing",
  ],
  [
    "OpenAI",
    429,
    error("Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM): Limit 30000", {
      type: "tokens",
      code: "rate_limit_exceeded",
    }),
    "rate-limited",
  ],
  [
    "OpenAI",
    429,
    error("You exceeded your current quota, please check your plan and billing details.", {
      type: "insufficient_quota",
      code: "insufficient_quota",
    }),
    "rate-limited",
  ],
  [
    "OpenAI",
    400,
    error("This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.", {
      type: "invalid_request_error",
      param: "messages",
      code: "context_length_exceeded",
    }),
    "context-overflow",
  ],
  [
    "OpenAI",
    400,
    error("Invalid value: 'banana'. Supported values are: 'low', 'medium'.", {
      type: "invalid_request_error",
      param: "reasoning_effort",
      code: "invalid_value",
    }),
    "rejected",
  ],
  [
    "OpenAI",
    400,
    error(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      { param: "max_tokens", code: "unsupported_parameter" },
    ),
    "rejected-by-provider",
  ],
  [
    "OpenAI",
    400,
    error("Your request was rejected as a result of our safety system.", { code: "content_policy_violation" }),
    "content-refused",
  ],
  [
    "OpenAI",
    500,
    error("The server had an error while processing your request. Sorry about that!", { type: "server_error" }),
    "server-error",
  ],
  [
    "OpenAI",
    503,
    error("The engine is currently overloaded, please try again later", { type: "server_error" }),
    "overloaded",
  ],
  [
    "Azure",
    400,
    error("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", {
      code: "content_filter",
      param: "prompt",
      status: 400,
    }),
    "content-refused",
  ],
  [
    "Azure",
    404,
    JSON.stringify({
      error: { code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." },
    }),
    "model-missing",
  ],
  [
    "Azure",
    401,
    JSON.stringify({
      statusCode: 401,
      message: "Access denied due to invalid subscription key or wrong API endpoint.",
    }),
    "auth",
  ],
  [
    "Anthropic",
    400,
    JSON.stringify({
      type: "error",
      error: { type: "invalid_request_error", message: "Your credit balance is too low to access the Anthropic API." },
    }),
    "billing",
  ],
  [
    "Anthropic",
    400,
    JSON.stringify({
      type: "error",
      error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" },
    }),
    "context-overflow",
  ],
  [
    "Anthropic",
    401,
    JSON.stringify({ type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } }),
    "auth",
  ],
  [
    "Anthropic",
    403,
    JSON.stringify({
      type: "error",
      error: {
        type: "permission_error",
        message: "Your API key does not have permission to use the specified resource.",
      },
    }),
    "auth",
  ],
  [
    "Anthropic",
    413,
    JSON.stringify({
      type: "error",
      error: { type: "request_too_large", message: "Request exceeds the maximum size" },
    }),
    "too-large",
  ],
  [
    "Anthropic",
    429,
    JSON.stringify({
      type: "error",
      error: { type: "rate_limit_error", message: "This request would exceed your organization's rate limit" },
    }),
    "rate-limited",
  ],
  [
    "Anthropic",
    529,
    JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    "overloaded",
  ],
  [
    "Google",
    400,
    JSON.stringify([
      { error: { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT" } },
    ]),
    "auth",
  ],
  [
    "Google",
    429,
    JSON.stringify({
      error: { code: 429, message: "Resource has been exhausted (e.g. check quota).", status: "RESOURCE_EXHAUSTED" },
    }),
    "rate-limited",
  ],
  [
    "Google",
    400,
    JSON.stringify({
      error: {
        code: 400,
        message: "The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).",
        status: "INVALID_ARGUMENT",
      },
    }),
    "context-overflow",
  ],
  [
    "Google",
    503,
    JSON.stringify({
      error: { code: 503, message: "The model is overloaded. Please try again later.", status: "UNAVAILABLE" },
    }),
    "overloaded",
  ],
  [
    "OpenRouter",
    402,
    error("Insufficient credits. Add more using https://openrouter.ai/credits", { code: 402 }),
    "billing",
  ],
  ["OpenRouter", 404, error("No endpoints found for foo/bar.", { code: 404 }), "model-missing"],
  ["OpenRouter", 401, error("No auth credentials found", { code: 401 }), "auth"],
  [
    "OpenRouter",
    403,
    error("Your chosen model requires moderation and your input was flagged: content_filter", { code: 403 }),
    "content-refused",
  ],
  ["OpenRouter", 502, error("Provider returned error", { code: 502 }), "server-error"],
  [
    "Groq",
    429,
    error("Rate limit reached for model `llama-3.3-70b` in organization `org_x` on tokens per day (TPD)", {
      type: "tokens",
      code: "rate_limit_exceeded",
    }),
    "rate-limited",
  ],
  [
    "Groq",
    413,
    error("Request too large for model on tokens per minute (TPM): Limit 6000", { code: "rate_limit_exceeded" }),
    "too-large",
  ],
  [
    "Groq",
    400,
    error("The model `mixtral-8x7b-32768` has been decommissioned and is no longer supported.", {
      code: "model_decommissioned",
    }),
    "model-missing",
  ],
  ["Groq", 503, error("Service Unavailable", { type: "internal_server_error" }), "overloaded"],
  ["Mistral", 401, JSON.stringify({ message: "Unauthorized", request_id: "x" }), "auth"],
  [
    "Mistral",
    422,
    JSON.stringify({
      object: "error",
      message: {
        detail: [{ type: "extra_forbidden", loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }],
      },
      detail: [{ msg: "Extra inputs are not permitted" }],
    }),
    "rejected-by-provider",
  ],
  ["DeepSeek", 402, error("Insufficient Balance", { type: "unknown_error", code: "invalid_request_error" }), "billing"],
  ["DeepSeek", 400, error("Model Not Exist", { type: "invalid_request_error" }), "model-missing"],
  [
    "Together",
    404,
    error("Unable to access model foo. Please visit https://api.together.ai/models", {
      type: "invalid_request_error",
      code: "model_not_available",
    }),
    "model-missing",
  ],
  ["Ollama", 404, JSON.stringify({ error: "model 'llama9' not found, try pulling it first" }), "model-missing"],
  ["Ollama", 500, JSON.stringify({ error: "llama runner process has terminated" }), "server-error"],
  [
    "vLLM",
    404,
    JSON.stringify({
      object: "error",
      message: "The model `x` does not exist.",
      type: "NotFoundError",
      param: null,
      code: 404,
    }),
    "model-missing",
  ],
  [
    "vLLM",
    400,
    JSON.stringify({
      object: "error",
      message: "This model's maximum context length is 4096 tokens.",
      type: "BadRequestError",
      code: 400,
    }),
    "context-overflow",
  ],
  [
    "vLLM",
    422,
    JSON.stringify({ detail: [{ loc: ["body", "messages"], msg: "field required", type: "value_error.missing" }] }),
    "rejected",
  ],
  [
    "LM Studio",
    400,
    JSON.stringify({ error: "No models loaded. Please load a model in the developer page." }),
    "model-missing",
  ],
  ["LM Studio", 400, JSON.stringify({ error: "messages[0].content: expected a string" }), "rejected-by-provider"],
  [
    "llama.cpp",
    400,
    error("the request exceeds the available context size", {
      code: 400,
      type: "exceed_context_size_error",
      n_ctx: 4096,
    }),
    "context-overflow",
  ],
  ["llama.cpp", 503, error("Loading model", { code: 503, type: "unavailable_error" }), "overloaded"],
  ["Bedrock", 400, JSON.stringify({ message: "Input is too long for requested model." }), "context-overflow"],
  [
    "Bedrock",
    429,
    JSON.stringify({ message: "Too many requests, please wait before trying again.", __type: "ThrottlingException" }),
    "rate-limited",
  ],
  [
    "xAI",
    403,
    JSON.stringify({ code: "Some resource has been exhausted", error: "Your team has been suspended" }),
    "auth-permanent",
  ],
  ["nginx", 502, "<html><head><title>502 Bad Gateway</title></head></html>", "server-error"],
  ["Cloudflare", 524, "<!DOCTYPE html><title>A timeout occurred</title>", "server-error"],
  ["a proxy", 407, "", "unexpected-status"],
  ["a proxy", 408, "Request Timeout", "unexpected-status"],
  ["nobody", 307, "", "redirected"],
  ["nobody", 204, "", "unexpected-status"],
  ["nobody", 400, "", "rejected"],
];

describe("an error response", () => {
  it.each(ROWS)("%s %i %s", (_provider, status, body, kind) => {
    const failure = classifyResponse(status, {}, Buffer.from(body), NOW);
    expect(failure.kind).toBe(kind);
    expect(failure.upstreamStatus).toBe(status);
  });

  it("relays message, code and param of a rejection only", () => {
    const body = Buffer.from(error("no such voice at host 10.0.0.1", { code: "bad_voice", param: "voice" }));
    expect(classifyResponse(400, {}, body, NOW)).toMatchObject({
      message: "no such voice at host 10.0.0.1",
      code: "bad_voice",
      param: "voice",
    });
    expect(classifyResponse(422, {}, body, NOW).status).toBe(422);
    const other = classifyResponse(500, {}, body, NOW);
    expect(other).toMatchObject({ code: null, param: null });
    expect(other.message).not.toContain("10.0.0.1");
  });

  it.each<[status: number, body: string, message: string]>([
    [500, error("host 10.0.0.1 is down"), "The provider answered with a server error."],
    [503, error("10.0.0.1 is busy"), "The provider is overloaded."],
    [429, error("slow down, 10.0.0.1"), "The provider's rate limit is reached."],
    [402, error("pay at 10.0.0.1"), "The provider refused the request for billing reasons."],
    [401, error("no key at 10.0.0.1"), "The provider refused the gateway's credential."],
    [404, error("The model `x` does not exist."), "The provider does not have the configured model."],
    [413, error("10.0.0.1 takes 1 MB"), "The request is too large for the provider."],
    [409, error("a conflict at 10.0.0.1"), "The provider answered with an unexpected status."],
    [307, "see 10.0.0.1", "The provider answered with a redirect, which is never followed."],
    [400, "", "The provider rejected the request."],
    [400, error(""), "The provider rejected the request."],
    [400, error("no such voice"), "no such voice"],
  ])("%i %s is told the client as %s", (status, body, message) => {
    expect(classifyResponse(status, {}, Buffer.from(body), NOW).message).toBe(message);
  });

  it.each<[status: number, more: object, ends: number | null]>([
    [422, { code: "bad_voice" }, 422],
    [400, { code: "bad_voice" }, null],
    [422, { code: "unsupported_value", param: "temperature" }, 422],
    [422, { code: "content_filter" }, null],
    [422, { code: "context_length_exceeded" }, null],
  ])("%i with %j ends the request with %s of its own", (status, more, ends) => {
    expect(classifyResponse(status, {}, Buffer.from(error("x", more)), NOW).status).toBe(ends);
  });

  it.each<[code: string | number, relayed: string | null]>([
    ["bad_voice", "bad_voice"],
    ["42", null],
    [42, null],
    ["voice_42", "voice_42"],
    ["42_voices", "42_voices"],
    ["context_length_exceeded", null],
  ])("a rejection with the code %j relays %j", (code, relayed) => {
    expect(classifyResponse(400, {}, Buffer.from(error("x", { code })), NOW).code).toBe(relayed);
  });

  it("keeps as much for the log as is looked through for secrets, and no more", () => {
    const words = `${"w".repeat(5_000)}`;
    for (const status of [400, 500])
      expect(classifyResponse(status, {}, Buffer.from(error(words)), NOW).detail).toBe(words.slice(0, 4_096));
    expect(badPayload("stream", words)).toMatchObject({
      kind: "bad-payload",
      message: "The provider's answer could not be read.",
      phase: "stream",
      detail: words.slice(0, 4_096),
    });
  });

  it("keeps the code of a rate limit, since clients stop at insufficient_quota", () => {
    const body = Buffer.from(error("x", { code: "insufficient_quota" }));
    expect(classifyResponse(429, {}, body, NOW).code).toBe("insufficient_quota");
  });
});

describe("an error object inside a 200", () => {
  const rows: readonly [string, object, FailureKind][] = [
    ["with a status as its code", { error: { code: 429, message: "slow down" } }, "rate-limited"],
    ["with a class in its words", { error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
    ["with a server error", { error: { message: "x", type: "server_error", code: null } }, "server-error"],
    ["with nothing that is known", { error: { message: "the moon is full" } }, "bad-payload"],
    ["that is a string", { error: "oops" }, "bad-payload"],
    ["with a status of the server's own", { error: { code: 500, message: "hm" } }, "server-error"],
    ["with a status that says nothing of the request", { error: { code: 451, message: "hm" } }, "unexpected-status"],
    [
      "with a status and a code that is the client's own matter",
      { error: { status: 400, code: "previous_response_not_found", message: "hm" } },
      "rejected",
    ],
    ["that blames a request which the provider had taken", { error: { code: 400, message: "hm" } }, "bad-payload"],
  ];
  it.each(rows)("%s", (_what, tree, kind) => {
    expect(classifyErrorObject(tree as never, "stream").kind).toBe(kind);
  });
});
