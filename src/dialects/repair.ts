// What mends an answer before anybody reads it: the same wire format in and out. What is not mended keeps its bytes (decision 9).
import type { EventKind } from "../core/lane.ts";
import type { AnswerBody } from "./answer-body.ts";
import type { JsonObject } from "../core/json.ts";
import type { RepairName } from "../core/repairs.ts";
import type { Compat } from "../core/snapshot.ts";
import type { WireEvent } from "./dialect.ts";

/** One event on its way through the repairs. */
export interface PassingEvent extends WireEvent {
  /** As the provider wrote it; null for what was mended or added. */
  readonly raw: Buffer | null;
}

/** What repairs need to know of the request and its target. */
export interface RepairContext {
  readonly requestId: string;
  /** True when the client asked for the usage chunk. */
  readonly wantsUsage: boolean;
  /** What is switched on. */
  readonly on: ReadonlySet<RepairName>;
  readonly compat: Compat;
  /** Bound of the calls that are mended: what is kept of one stays until the end. */
  readonly answerBytesMax: number;
  /** Names of the tools that this request offers, read when they are needed; null where text is never read as calls. */
  readonly tools: (() => ReadonlySet<string>) | null;
  /** Hears the name of everything done. */
  readonly note: (repair: string) => void;
}

/** The repairs of one answer. Stateful and synchronous: the same events give the same events, however they are cut. */
export interface AnswerRepairs {
  /** True when some event of this run of whole events must be read. Cheap: it runs on every chunk. */
  wantsLook(run: Buffer): boolean;
  /** What the events of a run are known by that `wantsLook` has just said no to; null where they are known by nothing. */
  readonly kind: EventKind | null;
  /** One whole event mended by its bytes alone: itself where nothing is to be mended; null where it must be read. */
  glance(raw: Buffer): Buffer | null;
  /** What goes on in the place of one event: itself when nothing is to be mended, nothing while it is held back. */
  push(event: PassingEvent): readonly PassingEvent[];
  /** What is held back still, when the input has ended without a terminator. */
  end(): readonly PassingEvent[];
  /** True when the answer has made a call; known where text is read as calls. */
  readonly called: boolean;
  /** True when events are held back. */
  readonly holds: boolean;
  /** False when a look at a whole answer shows that nothing is to be mended. */
  wantsWhole(answer: AnswerBody): boolean;
  /** A whole answer; itself when nothing is to be mended. */
  whole(tree: JsonObject): JsonObject;
}
