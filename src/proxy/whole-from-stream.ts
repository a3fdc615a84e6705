// A stream in the place of a whole answer: known by its bytes, since servers that do so say what they like in their headers. Its events,
// folded, are the answer.
import { parseJson } from "../core/json.ts";
import type { Framing } from "../dialects/framing.ts";
import { FRAMINGS } from "../dialects/framing.ts";
import type { Translator, WireEvent } from "../dialects/dialect.ts";
import type { AnswerRepairs } from "../dialects/repair.ts";
import type { ChatEvent } from "../dialects/vocabulary.ts";

const STREAM_OPENING = /^(?:\u00ef\u00bb\u00bf)?\s*(?:data|event|id|retry)?:/;
const BRACE = 0x7b;
/** So many bytes tell a stream from an answer. */
export const OPENING_LENGTH_MAX = 64;

/** True for the bytes of a stream: no JSON begins with a field or a comment, and none is followed by another. */
export function opensStream(bytes: Buffer, framing: Framing): boolean {
  if (framing === FRAMINGS.sse) {
    // Nearly every whole answer begins with a brace, and no field of a stream does.
    return bytes[0] !== BRACE && STREAM_OPENING.test(bytes.toString("latin1", 0, OPENING_LENGTH_MAX));
  }
  const end = bytes.indexOf("\n");
  const isMore = end >= 0 && end < bytes.length - 1;
  return (
    isMore && parseJson(bytes.toString("utf8", 0, end)) !== undefined && parseJson(bytes.toString("utf8")) === undefined
  );
}

/** What a stream is read with. */
export interface StreamReading {
  readonly framing: Framing;
  readonly repairs: AnswerRepairs | null;
  readonly decoder: Translator<WireEvent, ChatEvent>;
}

/** The events of the whole stream, how it ended included. */
export function eventsOfStream(bytes: Buffer, { framing, repairs, decoder }: StreamReading): readonly ChatEvent[] {
  const wires = framing.read(bytes);
  const mended = repairs === null ? wires : wires.flatMap((wire) => repairs.push({ ...wire, raw: null }));
  return [...mended.flatMap((wire) => decoder.push(wire)), ...decoder.end()];
}

/** A plain stop with nothing in it, and no tokens spent on what we do not see (decision 13). */
export function isEmptyAnswer(events: readonly ChatEvent[]): boolean {
  return events.every(
    (event) =>
      event.type === "answer-start" ||
      (event.type === "usage" && event.usage.output === 0) ||
      (event.type === "answer-end" && event.finish === "stop"),
  );
}
