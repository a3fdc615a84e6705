// Token counts of Gemini (https://ai.google.dev/api/tokens#method:-models.counttokens) for clients that ask for them in Anthropic's words.
import type { AnswerBody } from "../answer-body.ts";
import { NO_EDITS } from "../../core/body.ts";
import { type Failure, isFailure } from "../../core/failure.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Target } from "../../core/snapshot.ts";
import { classifyCount } from "../anthropic-messages/count-tokens.ts";
import { decodeMessagesRequest } from "../anthropic-messages/decode-request.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Checked, Dialect, EncodedRequest } from "../dialect.ts";
import { asNumber } from "../reading.ts";
import { saysError } from "./content.ts";
import { encodeGoogleRequest } from "./encode-request.ts";
import { modelName } from "./path.ts";

/** The whole request that would be sent, in the field that counts instructions and tools as well as turns. */
export function encodeCount(asked: JsonObject, target: Target): EncodedRequest | Failure {
  const decoded = decodeMessagesRequest(asked);
  if (isFailure(decoded)) return decoded;
  const encoded = encodeGoogleRequest(decoded.request, { target, stream: false });
  if (isFailure(encoded)) return encoded;
  const generateContentRequest = { model: modelName(target.model), ...encoded.tree };
  return { tree: { generateContentRequest }, lost: [...decoded.lost, ...encoded.lost] };
}

/** The count in Anthropic's words. */
export function decodeCount(answer: JsonObject): JsonObject {
  return { input_tokens: asNumber(answer["totalTokens"]) };
}

/** Checks a whole 2xx answer. */
export function checkGoogleCount(answer: AnswerBody): Checked | Failure {
  const tree = outOfErrorList(answer.tree);
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  if (saysError(tree)) return classifyErrorObject(tree, "answer");
  if (asNumber(tree["totalTokens"]) === null) return badPayload("answer", "the answer has no count");
  return { usage: null, finish: null, id: null, model: null, empty: false };
}

/** Counts of Gemini; no client speaks it here. */
export const googleCountTokens = {
  name: "google-count-tokens",
  egress: {
    fitBody: () => ({ edits: NO_EDITS, adjusted: [] }),
    checkAnswer: checkGoogleCount,
    direct: { encodeRequest: encodeCount, decodeAnswer: decodeCount },
    classify: classifyCount,
  },
} as const satisfies Dialect;
