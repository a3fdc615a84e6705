// Ollama's own chat API (https://github.com/ollama/ollama/blob/main/docs/api.md), the provider's side.
import { classifyResponse } from "../classify.ts";
import type { Dialect } from "../dialect.ts";
import { checkOllamaAnswer } from "./answer.ts";
import { decodeOllamaAnswer } from "./decode-answer.ts";
import { decodeOllamaStream } from "./decode-stream.ts";
import { encodeOllamaRequest } from "./encode-request.ts";
import { openOllamaRepairs } from "./repairs.ts";
import { fitOllamaBody } from "./request.ts";
import { lookAtOllama } from "./stream.ts";

/** The dialect of Ollama's own API. */
export const ollama = {
  name: "ollama",
  egress: {
    fitBody: fitOllamaBody,
    // Servers refuse the field for models that do not think, and their names do not tell.
    mayAddThinking: (_request, { stated }) => stated.reasoning === true,
    look: lookAtOllama,
    framing: "lines",
    encodeRequest: encodeOllamaRequest,
    decodeStream: decodeOllamaStream,
    decodeAnswer: decodeOllamaAnswer,
    repairs: openOllamaRepairs,
    checkAnswer: checkOllamaAnswer,
    classify: classifyResponse,
  },
} as const satisfies Dialect;
