// Token counts of the Messages API (https://platform.claude.com/docs/en/api/messages-count-tokens), both sides: a message that nobody answers.
import type { AnswerBody } from "../answer-body.ts";
import { failure, type Failure } from "../../core/failure.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Body } from "../../core/body.ts";
import type { BodyFacts } from "../../core/facts.ts";
import type { Target } from "../../core/snapshot.ts";
import type { HeaderBag } from "../../core/upstream.ts";
import { badPayload, classifyErrorObject, classifyResponse } from "../classify.ts";
import type { Checked, Dialect, Fitted } from "../dialect.ts";
import { asNumber } from "../reading.ts";
import { BETAS } from "./betas.ts";
import { saysError } from "./content.ts";
import { messagesErrorBody } from "./failure.ts";
import { fitMessagesBody, readMessagesFacts, readMessagesNeeds } from "./request.ts";

/** Fields of a message that a count does not take. */
const ANSWER_FIELDS = ["stream", "max_tokens"] as const;
/** A server that speaks the Messages API and has not this path says so in one of these ways. */
const MISSING: ReadonlySet<number> = new Set([404, 405, 501]);

/** The facts of a message; a count is never streamed. */
export function readCountFacts(body: Body): BodyFacts | Failure {
  const facts = readMessagesFacts(body);
  return "kind" in facts ? facts : { ...facts, stream: false };
}

/** As a message is fitted, without what is said of the answer: there is none. */
export function fitCountBody(body: Body, context: { readonly target: Target }): Fitted {
  const { edits, adjusted } = fitMessagesBody(body, { ...context, stream: false, effort: null });
  const unasked = ANSWER_FIELDS.filter((field) => body.member(field) !== undefined);
  return { edits: new Map([...edits, ...unasked.map((field) => [field, undefined] as const)]), adjusted };
}

/** Checks a whole 2xx answer: `{"input_tokens": n}`. */
export function checkCount(answer: AnswerBody): Checked | Failure {
  const tree = answer.tree;
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  if (saysError("", tree)) return classifyErrorObject(tree, "answer");
  if (asNumber(tree["input_tokens"]) === null) return badPayload("answer", "the answer has no count");
  // Nothing was used: a count is not billed.
  return { usage: null, finish: null, id: null, model: null, empty: false };
}

/** A missing path is no missing model: it must not keep messages from a target that answers them. */
export function classifyCount(status: number, headers: HeaderBag, body: Buffer, now: number): Failure {
  const why = classifyResponse(status, headers, body, now);
  if (!MISSING.has(status)) return why;
  return failure("not-found", "The provider does not count tokens before it answers.", {
    code: "token_counts_unavailable",
    phase: "headers",
    upstreamStatus: status,
    detail: why.detail,
  });
}

/** The dialect of counts. */
export const anthropicCountTokens = {
  name: "anthropic-count-tokens",
  ingress: {
    readFacts: readCountFacts,
    readNeeds: readMessagesNeeds,
    encodeFailure: messagesErrorBody,
  },
  egress: {
    features: BETAS,
    fitBody: fitCountBody,
    checkAnswer: checkCount,
    classify: classifyCount,
  },
} as const satisfies Dialect;
