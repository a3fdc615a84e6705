// What a gate may ask of the attempt whose response it judges. The lane answers.
import type { Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import type { Pipe, Told } from "../core/lane.ts";
import type { RepairName } from "../core/repairs.ts";
import type {
  Checked,
  Egress,
  EventLook,
  FittedAnswer,
  StreamEncoder,
  Translator,
  WireEvent,
} from "../dialects/dialect.ts";
import type { Framing } from "../dialects/framing.ts";
import type { AnswerRepairs } from "../dialects/repair.ts";
import type { CallSeeker } from "../dialects/tool-text/call-seeker.ts";
import type { BlockKind, ChatEvent } from "../dialects/vocabulary.ts";

/** What a gate needs to know of the attempt. */
export interface GateContext {
  readonly egress: Egress;
  /** True when the client wants a stream. */
  readonly stream: boolean;
  readonly framing: Framing;
  /** True when the answer leaves in another dialect than it came. */
  readonly translates: boolean;
  readonly acceptsEmpty: boolean;
  readonly answerBytesMax: number;
  readonly eventBytesMax: number;
  /** Judges the events of a stream before the commit and notes there what the answer calls itself; null without a streamed form. */
  openLook(of: Told): EventLook | null;
  /** What mends this answer and notes it there; null when nothing does. */
  openRepairs(of: Told): AnswerRepairs | null;
  /** Looks for calls that are only text; null where nobody asks. */
  openSeeker(): CallSeeker | null;
  /** Reads a stream event by event; null without a streamed form. */
  openDecoder(): Translator<WireEvent, ChatEvent> | null;
  /** True when an answer may be made the other kind. */
  mends(repair: RepairName): boolean;
  /** Opens the pipe of the response lane. */
  openPipe(): Pipe;
  /** A whole answer as the client asked for it, where its dialect is the client's own; null where nothing is amiss. */
  fitAnswer(checked: Checked): FittedAnswer | Failure | null;
  /** A whole answer that is no chat event in the client's words; null where answers are made of events. */
  answerDirectly(tree: JsonObject): Buffer | Failure | null;
  /** The events of a whole answer; null where answers are not made of events. */
  eventsOf(tree: JsonObject): readonly ChatEvent[] | null;
  /** A whole answer in the client's words; a failure where those would say something else. */
  encodeWhole(events: readonly ChatEvent[]): Buffer | Failure;
  openEncoder(): StreamEncoder;
  /** Blocks that an answer in the client's dialect has no place for; undefined: none. */
  readonly unsayable: ReadonlySet<BlockKind> | undefined;
  /** Unix milliseconds, for dates in headers. */
  wallNow(): number;
}
