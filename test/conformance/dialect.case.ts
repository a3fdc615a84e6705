// What a dialect must be able to show in the suite that all of them pass: true bytes of its provider's side, and who judges its client's side.
import type { JsonObject } from "../../src/core/json.ts";
import type { Pipe } from "../../src/core/lane.ts";
import type { AnswerContext, Dialect, Egress, Ingress } from "../../src/dialects/dialect.ts";
import { FRAMINGS } from "../../src/dialects/framing.ts";
import { DIALECTS } from "../../src/dialects/index.ts";
import { TranslatePipe } from "../../src/dialects/translation.ts";
import type { ChatEvent } from "../../src/dialects/vocabulary.ts";
import { bytesOf } from "../../src/mock/step.ts";
import { WIRES } from "../matrix/stage.ts";
import { type Heard, Memory, type Said, type Wire } from "../matrix/wire.ts";
import { type Judges, PUBLISHED } from "../support/published/index.ts";
import { sayable } from "../unit/dialects/decoding.ts";

/** A provider's side that translates. */
export type FullEgress = Egress & Required<Pick<Egress, "decodeStream" | "decodeAnswer" | "encodeRequest" | "look">>;
/** A client's side that translates. */
export type FullIngress = Ingress & Required<Pick<Ingress, "decodeRequest" | "encodeStream" | "encodeAnswer">>;

/** A dialect with a provider's side. */
export interface EgressCase {
  readonly name: string;
  readonly egress: FullEgress;
  readonly wire: Wire;
}

/** A dialect with a client's side. */
export interface IngressCase {
  readonly name: string;
  readonly ingress: FullIngress;
  readonly judges: Required<Judges>;
}

/** Every dialect of chat answers that providers speak. */
export const EGRESSES: readonly EgressCase[] = Object.values(WIRES).map((wire) => ({
  name: wire.dialect,
  egress: dialect(wire.dialect).egress as FullEgress,
  wire,
}));

/** Every dialect of chat answers that clients speak. */
export const INGRESSES: readonly IngressCase[] = [
  { name: "openai-chat", judges: PUBLISHED["/v1/chat/completions"] },
  { name: "openai-responses", judges: PUBLISHED["/v1/responses"] },
  { name: "anthropic-messages", judges: PUBLISHED["/v1/messages"] },
].map((each) => Object.assign(each, { ingress: dialect(each.name).ingress as FullIngress }));

/** The dialect of that name. */
export function dialect(name: string): Dialect {
  const found = DIALECTS[name as keyof typeof DIALECTS];
  if (found === undefined) throw new Error(`no dialect ${name}`);
  return found;
}

/** What encoders know of the request. */
export const CONTEXT: AnswerContext = {
  requestId: "req_1f",
  model: "openclaw/main",
  created: 1_770_000_000,
  wantsUsage: true,
  provider: "up",
};
const DECODING = { created: 5 } as const;

/** The body that a provider sends. */
export function bodyOf({ wire }: EgressCase, said: Said, stream: boolean): Buffer {
  const steps = [...wire.say(said, { stream } as Heard, new Memory())];
  return Buffer.concat(steps.flatMap((step) => (step.do === "write" ? [Buffer.from(bytesOf(step))] : [])));
}

/** The events of a stream in these pieces. */
export function streamEvents({ egress }: EgressCase, pieces: readonly Buffer[]): ChatEvent[] {
  const framing = FRAMINGS[egress.framing ?? "sse"];
  const splitter = framing.split(1 << 20);
  const decoder = egress.decodeStream(DECODING);
  const runs = pieces.map((piece) => splitter.push(piece));
  const rest = splitter.rest();
  if (rest !== null) runs.push(Buffer.concat([rest, framing.terminator]));
  const read = runs.flatMap((run) => (run === null ? [] : framing.read(run)));
  return [...read.flatMap((event) => decoder.push(event)), ...decoder.end()];
}

/** The events of a whole answer. */
export function wholeEvents({ egress }: EgressCase, body: Buffer): readonly ChatEvent[] {
  return egress.decodeAnswer(JSON.parse(body.toString("utf8")) as JsonObject, DECODING);
}

/** The pipe between a provider and a client. */
export function pipeBetween({ egress }: EgressCase, { ingress }: IngressCase): Pipe {
  return new TranslatePipe({
    framing: FRAMINGS[egress.framing ?? "sse"],
    eventBytesMax: 1 << 20,
    answerBytesMax: 1 << 26,
    decoder: egress.decodeStream(DECODING),
    encoder: ingress.encodeStream(CONTEXT),
    redact: (text) => text,
  });
}

/** Everything that a client gets of a stream in these pieces. */
export function piped(pipe: Pipe, pieces: readonly Buffer[]): string {
  const out = pieces.map((piece) => pipe.push(piece) ?? new Uint8Array(0));
  const last = pipe.end();
  if (last !== null) out.push("kind" in last ? pipe.fail(last) : last);
  return Buffer.concat(out).toString("utf8");
}

/** What a client gets of these events as a stream. */
export function writtenStream({ ingress }: IngressCase, events: readonly ChatEvent[]): string {
  const encoder = ingress.encodeStream(CONTEXT);
  return events.map((event) => encoder.push(event)).join("");
}

/** What a client gets of these events whole, where they can be told. */
export function writtenWhole({ ingress }: IngressCase, events: readonly ChatEvent[]): JsonObject {
  return JSON.parse(JSON.stringify(sayable(ingress.encodeAnswer(events, CONTEXT)))) as JsonObject;
}
