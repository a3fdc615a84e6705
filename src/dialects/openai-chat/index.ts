// OpenAI chat completions (https://platform.openai.com/docs/api-reference/chat), both sides.
import { classifyResponse } from "../classify.ts";
import type { Dialect, RelayContext } from "../dialect.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { StreamRelay } from "../relay.ts";
import { checkChatAnswer } from "./answer.ts";
import { decodeChatAnswer } from "./decode-answer.ts";
import { decodeChatRequest } from "./decode-request.ts";
import { decodeChatStream } from "./decode-stream.ts";
import { encodeChatAnswer } from "./encode-answer.ts";
import { encodeChatRequest } from "./encode-request.ts";
import { encodeChatStream } from "./encode-stream.ts";
import { fitChatBody, readChatFacts, readChatNeeds } from "./request.ts";
import { openChatRepairs } from "./repairs/chat-repairs.ts";
import { ChatWatch, lookAtChat } from "./stream.ts";
import { openWholeChat } from "./whole-event.ts";

/** The chat completions dialect. */
export const openaiChat = {
  name: "openai-chat",
  ingress: {
    readFacts: readChatFacts,
    readNeeds: readChatNeeds,
    decodeRequest: decodeChatRequest,
    encodeStream: encodeChatStream,
    encodeAnswer: encodeChatAnswer,
    encodeFailure: openaiErrorBody,
  },
  egress: {
    fitBody: fitChatBody,
    look: lookAtChat,
    openWhole: openWholeChat,
    encodeRequest: encodeChatRequest,
    decodeStream: decodeChatStream,
    decodeAnswer: decodeChatAnswer,
    repairs: openChatRepairs,
    checkAnswer: checkChatAnswer,
    classify: classifyResponse,
  },
  relay: (context: RelayContext) => new StreamRelay(new ChatWatch(context.wantsUsage), context),
} as const satisfies Dialect;
