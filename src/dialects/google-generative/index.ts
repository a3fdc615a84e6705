// Google's Gemini API, v1beta (https://ai.google.dev/api/generate-content), the provider's side.
import { classifyResponse } from "../classify.ts";
import type { Dialect } from "../dialect.ts";
import { checkGoogleAnswer } from "./answer.ts";
import { decodeGoogleAnswer } from "./decode-answer.ts";
import { decodeGoogleStream } from "./decode-stream.ts";
import { encodeGoogleRequest } from "./encode-request.ts";
import { familyOf } from "./models.ts";
import { generatePath } from "./path.ts";
import { fitGoogleBody } from "./request.ts";
import { lookAtGoogle } from "./stream.ts";

/** The Gemini dialect. */
export const googleGenerative = {
  name: "google-generative",
  egress: {
    fitBody: fitGoogleBody,
    mayAddThinking: (_request, target) => familyOf(target.model) !== null,
    look: lookAtGoogle,
    encodeRequest: encodeGoogleRequest,
    decodeStream: decodeGoogleStream,
    decodeAnswer: decodeGoogleAnswer,
    pathFor: generatePath,
    checkAnswer: checkGoogleAnswer,
    classify: classifyResponse,
  },
} as const satisfies Dialect;
