// Every phrase of the word tables, their order, their exceptions, and how far a text is read.
import { describe, expect, it } from "vitest";
import { dispositionOf, type FailureKind } from "../../../../src/core/failure.ts";
import { classifyErrorObject, classifyResponse } from "../../../../src/dialects/classify.ts";
import { readErrorObject, readProviderError } from "../../../../src/dialects/classify/provider-error.ts";
import { WORD_ROWS, wordRowOf } from "../../../../src/dialects/classify/word-rows.ts";
import { bytesOf, errorCorpus } from "../../../support/error-corpus.ts";

/** Phrases of providers; each stands for one alternative of a row. */
const PHRASES: Readonly<Partial<Record<FailureKind, readonly string[]>>> = {
  rejected: [
    "image exceeds 5 MB maximum",
    "At least one of the image dimensions exceed max allowed size: 8000 pixels",
    "image size is too large",
    "Could not process image",
    "Previous response with id x not found.",
    "No such file object: x",
    "No such vector store: x",
    "session x not found",
    "conversation x has expired",
    "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true.",
    "Response with id 'resp_1' not found.",
    "Prompt with id 'pmpt_1' not found.",
    "Vector store with id [vs_1] not found.",
    "Container with id 'cntr_1' not found.",
  ],
  "rejected-by-provider": [
    "Unsupported parameter: x",
    "unsupported_value",
    "Unrecognized request argument supplied: x",
    "Unknown field x",
    "Unexpected inputs",
    "This model does not support x",
    "These models do not support x",
    "the model doesn't support x",
    "x is not supported with this model",
    "'x' is not supported with this model",
    "messages.0.x: Extra inputs are not permitted",
    "extra fields not permitted",
    "extra_forbidden",
    "Cannot find field.",
    "auto tool choice requires --enable-auto-tool-choice",
    "tools param requires --jinja flag",
    "tool choice needs --enable-auto-tool-choice",
    "String should match pattern '^[a-z]+$'",
    "Tool call id was x but must be a-z",
    "invalid request format",
    "content: expected a string",
    "content must be a string",
    "expected string, got list",
    "Failed to deserialize the JSON body into the target type",
    "Failed to parse the request body as JSON",
    "image input is not available",
    "no image input for this model",
    "x is not a multimodal model",
  ],
  "context-overflow": [
    "This model's maximum context length is 10 tokens",
    "context_length_exceeded",
    "context window exceeded",
    "ContextWindowExceededError",
    "the request exceeds the available context size",
    "input and `max_tokens` exceed context limit: 1 + 2 > 2 `x`",
    "your input exceeds the context window of this model",
    "which exceeds the model's maximum context length",
    "larger than the context window",
    "a context length of only 10",
    "Context size is used up",
    "prompt is too long: 2 tokens > 1 maximum",
    "The input token count (2) exceeds the maximum number of tokens allowed (1).",
    "the input length (2) exceeds 1",
    "Input is too long for requested model.",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 10",
    "too many tokens: size limit exceeded by 4000 tokens, try a shorter prompt",
    "too large for model with 32768 maximum context",
    "The input (2 tokens) is longer than the model's context",
    "Range of input length should be [1, 30720]",
  ],
  "content-refused": [
    "triggering Azure OpenAI's content management policy",
    "Output blocked by content filtering policy",
    "against the content_filter policies",
    "content_filter",
    "content_policy_violation",
    "rejected as a result of our safety system",
    "against our usage policy",
    "against our usage policies",
    "requires moderation on OpenRouter and your input was flagged",
    "Content Exists Risk",
  ],
  "model-missing": [
    "model_not_found",
    "ModelNotFound",
    "Model not found, inaccessible, and/or not deployed",
    "No endpoints found for foo/bar.",
    "Model Not Exist",
    "Unknown model: x",
    "No such model x",
    "x is not a valid model ID",
    "Invalid model: x",
    "model name x is invalid",
    "The model `x` does not exist",
    "model 'x' not found",
    "models/x is not found for API version v1",
    "Project x does not have access to model y",
    "You don't have access to the model with the specified model ID.",
    "The provided model identifier is invalid.",
    "with on-demand throughput isn't supported",
    "x has been deprecated",
    "x has been decommissioned",
    "No models loaded.",
    "no model loaded",
    "Failed to load model x",
    "Model is unloaded.",
  ],
  billing: [
    "Payment Required",
    "Insufficient credits",
    "insufficient credit",
    "Insufficient Balance",
    "insufficient_funds",
    "This request requires more credits",
    "Your credit balance is too low",
    "go to Plans & Billing",
    "see Plan & Billing",
    "You're out of extra usage",
    "out of credits",
    "out of usage",
    "used all available credits",
    "used all of your credits",
    "reached its monthly spending limit",
    "over its spend limit",
    "Key limit exceeded",
    "billing hard limit has been reached",
    "billing is not active",
    "no billing account",
    "Your account x is not active",
    "make sure your account is in good standing",
    "payment is overdue",
  ],
  "rate-limited": [
    "Rate limit reached",
    "rate-limited upstream",
    "rate_limit",
    "ratelimit",
    "Too many requests",
    "too many concurrent requests",
    "Request was throttled.",
    "Resource exhausted",
    "Resource has been exhausted",
    "RESOURCE_EXHAUSTED",
    "Quota exceeded for metric",
    "You exceeded your current quota",
    "insufficient_quota",
    "on tokens per min",
    "on tokens per day",
    "over TPM",
    "over TPD",
    "reached your specified API usage limits",
    "the usage limit",
    "Too many tokens, please wait before trying again.",
    "concurrency limit reached",
  ],
  overloaded: [
    "Overloaded",
    "at capacity",
    "over capacity",
    "no capacity",
    "Flex tier capacity exceeded",
    "no available capacity",
    "experiencing high demand",
    "under high load",
    "ModelNotReadyException",
    "Model is not ready",
    "the model is loading",
    "the model is currently loading",
    "Loading model",
    "gpt2 is currently loading",
    "server busy, please try again.",
    "server is busy",
    "Service is too busy.",
  ],
  "auth-permanent": [
    "This API key has been revoked",
    "this key was deleted",
    "your key is disabled",
    "Your account has been deactivated",
    "This organization has been disabled.",
    "organisation suspended",
    "Your team has been suspended",
    "Organization has been restricted.",
    "OAuth is currently not allowed for this organization.",
  ],
  auth: [
    "invalid x-api-key",
    "Invalid API Key",
    "Incorrect API key provided",
    "Wrong API Key",
    "No API key",
    "missing api key",
    "expired api key",
    "invalid_api_key",
    "API key not valid.",
    "API key expired.",
    "api key is invalid",
    "api key is missing",
    "Your api key: ****1234 is invalid",
    "Authentication Fails (no such user)",
    "invalid token",
    "invalid access token",
    "expired bearer token",
    "invalid security token",
    "token expired",
    "OAuth token has expired.",
    "authentication_error",
    "Authentication failed",
    "Invalid Authentication",
    "Invalid bearer",
    "Unauthorized",
    "Access denied due to invalid subscription key",
    "Permission denied on resource",
    "permission_error",
    "No auth credentials found",
    "No cookie auth credentials found",
    "missing scopes: x",
    "missing authentication header",
  ],
  "server-error": [
    "Internal error encountered.",
    "Internal Server Error",
    "internal_server_error",
    "InternalServerError",
    "server_error",
    "The server had an error",
    "An error occurred while processing your request.",
    "encountered an error while processing",
    "Bad gateway",
    "Gateway timeout",
    "Gateway time-out",
    "upstream connect error or disconnect",
    "upstream request timeout",
    "upstream error",
    "upstream failed",
    "no healthy upstream",
    "Service unavailable",
    "Service is currently unavailable",
    "service temporarily unavailable",
    "llama runner process has terminated",
    "llama runner process no longer running: -1",
    "The model has crashed",
    "the engine is dead",
    "EngineDeadError",
    "An unexpected error",
    "unknown error",
    "backend error",
  ],
};
const ROWS = Object.entries(PHRASES).flatMap(([kind, said]) => said.map((phrase) => [phrase, kind] as const));
const kindOf = (message: string) => classifyErrorObject({ error: { message } }, "stream").kind;
const rejected = (message: string) =>
  classifyResponse(400, {}, Buffer.from(JSON.stringify({ error: { message } })), 0).kind;

describe("a phrase", () => {
  it.each(ROWS)("%s means %s, in any case, with a 400 and inside a 200", (phrase, kind) => {
    for (const written of [phrase, phrase.toUpperCase(), `Error: ${phrase}`]) {
      expect(rejected(written)).toBe(kind);
      expect(kindOf(written)).toBe(kind);
    }
  });

  it.each(["", "x", "hello", "the prompt is long", "an image", "a limit", "the model", "busy", "credit", "key"])(
    "that means nothing does not: %j",
    (phrase) => {
      expect(rejected(phrase)).toBe("rejected");
      expect(kindOf(phrase)).toBe("bad-payload");
    },
  );

  it("decides in every row of the tables, in a true error or here", () => {
    const errors = [
      ...errorCorpus().map((sample) => readProviderError(bytesOf(sample).toString("utf8"))),
      ...ROWS.map(([message]) => readErrorObject({ error: { message } })),
    ];
    const deciding = new Set(errors.map((error) => wordRowOf(error)));
    expect(WORD_ROWS.filter((row) => !deciding.has(row)).map(({ words }) => String(words))).toEqual([]);
    for (const { source } of WORD_ROWS) expect(source).not.toBe("");
  });

  it("is looked for in quotes only where nothing is put to rest", () => {
    for (const { kind, quoted } of WORD_ROWS) {
      const { cools, breaks } = dispositionOf(kind);
      if (quoted === true) expect([kind, cools, breaks]).toEqual([kind, "none", false]);
    }
  });
});

describe("the order of phrases", () => {
  const rows: readonly [string, string, FailureKind][] = [
    [
      "a name that the client chose is no class",
      "Unrecognized request argument supplied: insufficient credits",
      "rejected-by-provider",
    ],
    ["nor is one that stands first", "messages.0.rate limit: Extra inputs are not permitted", "rejected-by-provider"],
    ["an image is no overflow", "image exceeds the context window", "rejected"],
    ["an overflow before a model", "model x not found, maximum context length is 10", "context-overflow"],
    ["a model before money", "model x not found, insufficient credits", "model-missing"],
    ["money before a limit", "rate limit: insufficient credits", "billing"],
    ["a limit before overload", "overloaded: too many requests", "rate-limited"],
    ["overload before a closed account", "account disabled, overloaded", "overloaded"],
    ["closed for good before wrong", "invalid api key: this api key was revoked", "auth-permanent"],
    ["a credential before a server", "internal server error: unauthorized", "auth"],
    ["tokens per minute are no overflow", "maximum context length, tokens per minute", "rate-limited"],
    ["nor are tokens per day", "prompt is too long, tokens per day", "rate-limited"],
    ["nor is what is counted in TPM", "exceeds the context window (TPM)", "rate-limited"],
    ["nor in TPD", "context_length_exceeded: TPD", "rate-limited"],
    ["though TPMX is nothing", "context window: TPMX", "context-overflow"],
  ];
  it.each(rows)("%s: %s", (_what, message, kind) => {
    expect(rejected(message)).toBe(kind);
  });
});

describe("how far a text is read", () => {
  it("to 2000 characters, with the two blanks where code and type would stand", () => {
    const at = (place: number) => `${".".repeat(place)}unauthorized`;
    expect(rejected(at(1_986))).toBe("auth");
    expect(rejected(at(1_987))).toBe("rejected");
  });

  it("for money to 512, but for its hard markers", () => {
    const long = (phrase: string, length: number) => phrase.padEnd(length, ".");
    for (const phrase of ["credit balance", "spend limit", "key limit exceeded", "out of credits", "plans & billing"]) {
      expect(rejected(long(phrase, 512))).toBe("billing");
      expect(rejected(long(phrase, 513))).toBe("rejected");
    }
    for (const phrase of ["used all available credits", "account is not active", "account is in good standing"]) {
      expect(rejected(long(phrase, 513))).toBe("rejected");
    }
    for (const phrase of ["payment required", "insufficient credits", "requires more credits"]) {
      expect(rejected(long(phrase, 513))).toBe("billing");
    }
  });

  it("in code and type too", () => {
    expect(classifyErrorObject({ error: { code: "Your team has been suspended" } }, "stream").kind).toBe(
      "auth-permanent",
    );
    expect(classifyErrorObject({ error: { type: "is overloaded", message: "x" } }, "stream").kind).toBe("overloaded");
  });

  it("not in quotes", () => {
    for (const quote of ['"', "'", "`"]) {
      expect(rejected(`no ${quote}unauthorized${quote} here`)).toBe("rejected");
      expect(rejected(`${quote}unauthorized${quote}`)).toBe("rejected");
      expect(rejected(`no ${quote}unauthorized`)).toBe("rejected");
      expect(rejected(`${quote}x${quote} unauthorized`)).toBe("auth");
      expect(rejected(`unauthorized ${quote}x${quote}`)).toBe("auth");
      expect(rejected(`${quote}x${quote}unauthorized`)).toBe("auth");
    }
    expect(rejected("you're unauthorized, aren't you")).toBe("auth");
    expect(rejected("that's 'x' and it's unauthorized")).toBe("auth");
    expect(rejected("'x' it's unauthorized 'y'")).toBe("rejected");
  });
});
