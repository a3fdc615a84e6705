// Anthropic Messages (https://platform.claude.com/docs/en/api/messages, anthropic-version 2023-06-01), both sides.
import { classifyResponse } from "../classify.ts";
import type { Dialect, RelayContext } from "../dialect.ts";
import { StreamRelay } from "../relay.ts";
import { mayAddThinking } from "./add-thinking.ts";
import { checkMessagesAnswer } from "./answer.ts";
import { BETAS } from "./betas.ts";
import { decodeMessagesAnswer } from "./decode-answer.ts";
import { decodeMessagesRequest } from "./decode-request.ts";
import { decodeMessagesStream } from "./decode-stream.ts";
import { encodeMessagesAnswer } from "./encode-answer.ts";
import { encodeMessagesRequest } from "./encode-request.ts";
import { encodeMessagesStream } from "./encode-stream.ts";
import { messagesErrorBody } from "./failure.ts";
import { fitMessagesBody, readMessagesFacts, readMessagesNeeds } from "./request.ts";
import { lookAtMessages, MessagesWatch } from "./stream.ts";

/** The Messages dialect. */
export const anthropicMessages = {
  name: "anthropic-messages",
  ingress: {
    readFacts: readMessagesFacts,
    readNeeds: readMessagesNeeds,
    decodeRequest: decodeMessagesRequest,
    encodeStream: encodeMessagesStream,
    encodeAnswer: encodeMessagesAnswer,
    encodeFailure: messagesErrorBody,
    unsayable: new Set(["image"] as const),
  },
  egress: {
    features: BETAS,
    fitBody: fitMessagesBody,
    mayAddThinking,
    look: lookAtMessages,
    encodeRequest: encodeMessagesRequest,
    decodeStream: decodeMessagesStream,
    decodeAnswer: decodeMessagesAnswer,
    checkAnswer: checkMessagesAnswer,
    classify: classifyResponse,
  },
  relay: (context: RelayContext) => new StreamRelay(new MessagesWatch(context.requestId), context),
} as const satisfies Dialect;
