// Requests: any JSON, and requests that are nearly right, through every client's decoder and every provider's encoder.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Body } from "../../../src/core/body.ts";
import { DISPOSITION, isFailure } from "../../../src/core/failure.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { isScanFault } from "../../../src/core/json-scan.ts";
import type { SpokenDialect } from "../../../src/dialects/index.ts";
import { OPERATION_DIALECTS } from "../../../src/dialects/index.ts";
import { conversation } from "../../conformance/conversations.ts";
import { EGRESSES } from "../../conformance/dialect.case.ts";
import { aTarget } from "../../support/snapshot.ts";
import { edited, type TreeEdit, treeEdits } from "../mutations.ts";
import { type FuzzTarget, target } from "../target.ts";

/** One sample of each operation with everything that it may hold. */
const SAMPLES: Readonly<Record<keyof typeof OPERATION_DIALECTS, JsonObject>> = {
  chat: {
    model: "openclaw",
    stream: true,
    stream_options: { include_usage: true },
    n: 1,
    messages: [
      { role: "developer", content: "be brief" },
      {
        role: "user",
        content: [
          { type: "text", text: "hi" },
          { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "ok" },
      { role: "assistant", content: "a", reasoning_details: [{ type: "reasoning.text", text: "hm", signature: "s" }] },
      { role: "user", content: [{ type: "input_audio", input_audio: { data: "QUJD", format: "wav" } }] },
    ],
    tools: [
      { type: "function", function: { name: "f", parameters: { type: "object", properties: {} }, strict: true } },
    ],
    tool_choice: { type: "function", function: { name: "f" } },
    response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" } } },
    temperature: 0.5,
    max_completion_tokens: 10,
    stop: ["x"],
    reasoning_effort: "low",
    logprobs: true,
    top_logprobs: 2,
  },
  responses: {
    model: "openclaw",
    stream: true,
    instructions: "be brief",
    input: [
      {
        type: "message",
        role: "user",
        content: [
          { type: "input_text", text: "hi" },
          { type: "input_image", image_url: "data:image/png;base64,QUJD" },
        ],
      },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "x" },
      { type: "function_call", call_id: "call_1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "call_1", output: "ok" },
      { role: "assistant", content: "a" },
      { role: "user", content: "b" },
    ],
    tools: [
      { type: "function", name: "f", parameters: { type: "object" }, strict: true },
      { type: "custom", name: "g" },
    ],
    tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] },
    text: { format: { type: "json_object" }, verbosity: "low" },
    reasoning: { effort: "low", summary: "auto" },
    include: ["reasoning.encrypted_content"],
    max_output_tokens: 10,
    store: false,
  },
  messages: {
    model: "openclaw",
    max_tokens: 10,
    stream: true,
    system: [{ type: "text", text: "be brief", cache_control: { type: "ephemeral" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "hi" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "s" },
          { type: "tool_use", id: "toolu_1", name: "f", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "ok" }], is_error: false },
        ],
      },
    ],
    tools: [{ name: "f", description: "d", input_schema: { type: "object" } }],
    tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true },
    thinking: { type: "enabled", budget_tokens: 1024 },
    stop_sequences: ["x"],
    top_k: 4,
    metadata: { user_id: "u" },
  },
  "count-tokens": { model: "openclaw", system: "s", messages: [{ role: "user", content: "hi" }], tools: [] },
  embeddings: { model: "openclaw", input: ["a", "b"], encoding_format: "base64", dimensions: 3, user: "u" },
};
const OPERATIONS = Object.keys(SAMPLES) as (keyof typeof SAMPLES)[];
const ENCODED_FOR = aTarget("up/model");

interface Asked {
  readonly operation: keyof typeof SAMPLES;
  readonly edits: readonly TreeEdit[];
  /** In place of the sample; null for the sample. */
  readonly instead: Json;
}
const asked: fc.Arbitrary<Asked> = fc.record({
  operation: fc.constantFrom(...OPERATIONS),
  edits: treeEdits,
  instead: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom("model", "messages", "input", "stream", "n"),
        fc.jsonValue(),
      ) as fc.Arbitrary<Json>,
    },
  ),
});

function judges({ operation, edits, instead }: Asked): void {
  const tree = edited(instead ?? SAMPLES[operation], edits);
  const body = Body.fromBytes(Buffer.from(JSON.stringify(tree)));
  if (isScanFault(body)) return;
  const dialect = OPERATION_DIALECTS[operation];
  const facts = dialect.ingress.readFacts(body);
  if (isFailure(facts)) {
    assert.equal(DISPOSITION[facts.kind].status, 400);
    return;
  }
  assert.equal(typeof facts.stream, "boolean");
  dialect.ingress.readNeeds(body);
  fits(dialect, body, facts.stream);
  translates(dialect, body, facts.stream);
}

/** For a provider of the same dialect: still one JSON object, naming the target's model. */
function fits({ egress }: SpokenDialect, body: Body, stream: boolean): void {
  const { edits } = egress.fitBody(body, { target: ENCODED_FOR, stream, effort: null });
  const sent = JSON.parse(body.encoded(edits).toString()) as { readonly model?: unknown };
  assert.equal(sent.model, ENCODED_FOR.model);
}

/** For every other provider: written or refused as the client's mistake, and never a key without a value. */
function translates({ ingress }: SpokenDialect, body: Body, stream: boolean): void {
  const decoded = ingress.decodeRequest?.(body.tree());
  if (decoded === undefined) return;
  if (isFailure(decoded)) {
    assert.equal(DISPOSITION[decoded.kind].status, 400);
    return;
  }
  for (const { egress } of EGRESSES) {
    const encoded = egress.encodeRequest(decoded.request, { target: ENCODED_FOR, stream });
    if (isFailure(encoded)) {
      assert.equal(DISPOSITION[encoded.kind].status, 400);
      continue;
    }
    assert.doesNotThrow(() => Body.fromTree(encoded.tree));
  }
}

interface Redecoded {
  readonly request: Parameters<(typeof EGRESSES)[number]["egress"]["encodeRequest"]>[0];
  readonly stream: boolean;
}

/** What is written for a provider whose dialect clients speak as well is a request that we would take ourselves. */
function wouldTake({ request, stream }: Redecoded): void {
  for (const { name, egress } of EGRESSES) {
    const dialect = Object.values(OPERATION_DIALECTS).find((each) => each.name === name);
    if (dialect === undefined) continue;
    const encoded = egress.encodeRequest(request, { target: ENCODED_FOR, stream });
    if (isFailure(encoded)) continue;
    const body = Body.fromTree(encoded.tree);
    const facts = dialect.ingress.readFacts(body);
    assert.ok(!isFailure(facts), isFailure(facts) ? `${name}: ${facts.message}` : "");
    const decoded = dialect.ingress.decodeRequest?.(body.tree());
    assert.ok(decoded !== undefined && !isFailure(decoded), name);
  }
}

/** Laws of requests. */
export const REQUESTS: readonly FuzzTarget[] = [
  target<Asked>({
    name: "request",
    says: "Whatever a client sends is refused with 400, or fits its target and goes into every provider's words.",
    cost: 2,
    input: asked,
    check: judges,
  }),
  target<Redecoded>({
    name: "request-written",
    says: "Whatever is written for a provider is a request that our own door takes.",
    cost: 4,
    input: fc.record({
      request: conversation.map((each) => Object.assign(each, { others: new Map() })),
      stream: fc.boolean(),
    }),
    check: wouldTake,
  }),
];
