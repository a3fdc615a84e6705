// A provider's stream on its way to a client of Responses, which keeps the most of it.
import type { DialectName } from "../../../src/core/names.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { DIALECTS, OPERATION_DIALECTS } from "../../../src/dialects/index.ts";
import { TranslatePipe } from "../../../src/dialects/translation.ts";
import { CONTEXT } from "./answer-samples.ts";
import { DECODING } from "./decoding.ts";

/** The pipe from a provider of this dialect. */
export function responsePipe(name: DialectName, answerBytesMax = 1 << 20): TranslatePipe {
  const decoder = DIALECTS[name].egress?.decodeStream?.(DECODING);
  const encoder = OPERATION_DIALECTS.responses.ingress.encodeStream?.(CONTEXT);
  if (decoder === undefined || encoder === undefined) throw new Error("no streams");
  const framing = FRAMINGS.sse;
  return new TranslatePipe({ framing, eventBytesMax: 9999, answerBytesMax, decoder, encoder, redact: (text) => text });
}
