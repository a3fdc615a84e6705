// What a request says of itself, read once by the ingress dialect; the rest of the body is not judged here.
import type { Body } from "./body.ts";
import type { TraceContext } from "./ids.ts";
import type { DialectName, Need, Operation } from "./names.ts";

/** Headers that steer a request (OpenClaw §1.5). */
export interface Steering {
  /** `x-openclaw-agent-id` or `x-openclaw-agent`. */
  readonly agent: string | null;
  /** `x-openclaw-model`. */
  readonly model: string | null;
  /** `x-openclaw-message-channel`. */
  readonly channel: string | null;
  /** `anthropic-beta`: names of features that a provider of Anthropic's format is asked for. */
  readonly betas: string | null;
}

/** What the body says. */
export interface BodyFacts {
  /** The body's `model`; empty when absent or null. */
  readonly model: string;
  readonly stream: boolean;
  /** True when the client asked for the usage chunk. */
  readonly wantsUsage: boolean;
}

/** Everything the corridor needs to know of a request. */
export interface RequestFacts extends BodyFacts {
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Monotonic milliseconds: head read. */
  readonly startedAt: number;
  /** Monotonic milliseconds: body complete. */
  readonly bodyAt: number;
  readonly operation: Operation;
  readonly dialect: DialectName;
  readonly body: Body;
  readonly steering: Steering;
  /** What the request needs from a model; looked for on first use, since only some plans ask. */
  readonly needs: ReadonlySet<Need>;
}
