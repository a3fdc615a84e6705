// Streams of providers whose API no client speaks: their bytes, read as the gateway reads them, and written on for clients.
import { readFileSync } from "node:fs";
import { told } from "../../../src/core/lane.ts";
import type { DecodeContext, Egress, Ingress } from "../../../src/dialects/dialect.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { TranslatePipe } from "../../../src/dialects/translation.ts";
import type { ChatEvent } from "../../../src/dialects/vocabulary.ts";
import { CONTEXT } from "./answer-samples.ts";
import { DECODING } from "./decoding.ts";

/** An egress half that translates. */
export type Translating = Egress & Required<Pick<Egress, "decodeStream" | "decodeAnswer" | "encodeRequest" | "look">>;

/** The reviewed bytes of a file. */
export function fixture(dialect: string, file: string): Buffer {
  return readFileSync(new URL(`../../golden/${dialect}/${file}`, import.meta.url));
}

/** All events of a stream in these pieces. */
export function readStream(
  egress: Translating,
  pieces: readonly Buffer[],
  context: DecodeContext = DECODING,
): ChatEvent[] {
  const framing = FRAMINGS[egress.framing ?? "sse"];
  const splitter = framing.split(1 << 20);
  const decoder = egress.decodeStream(context);
  const runs = pieces.map((piece) => splitter.push(piece));
  const rest = splitter.rest();
  if (rest !== null) runs.push(Buffer.concat([rest, framing.terminator]));
  const read = runs.flatMap((run) => (run === null ? [] : framing.read(run)));
  return [...read.flatMap((event) => decoder.push(event)), ...decoder.end()];
}

/** What a client gets of a stream, as one text. */
export function translated(egress: Translating, ingress: Ingress, bytes: Buffer): string {
  const encoder = ingress.encodeStream?.({ ...CONTEXT, provider: "up" });
  if (encoder === undefined) throw new Error("a dialect with streams");
  const pipe = new TranslatePipe({
    framing: FRAMINGS[egress.framing ?? "sse"],
    eventBytesMax: 1 << 20,
    answerBytesMax: 1 << 26,
    decoder: egress.decodeStream(DECODING),
    encoder,
    redact: (text) => text,
  });
  const first = pipe.push(bytes) ?? new Uint8Array(0);
  const last = pipe.end();
  const tail = last !== null && "kind" in last ? pipe.fail(last) : (last ?? new Uint8Array(0));
  return Buffer.concat([first, tail]).toString("utf8");
}

/** What the look says of a stream, event by event, until it no longer holds; `end` asks at the stream's end. */
export function looked(egress: Translating, bytes: Buffer): readonly unknown[] {
  const look = egress.look(told());
  const said: unknown[] = [];
  for (const event of FRAMINGS[egress.framing ?? "sse"].read(bytes)) {
    const verdict = look(event);
    said.push(typeof verdict === "string" ? verdict : verdict.kind);
    if (verdict !== "hold") return said;
  }
  return said;
}
