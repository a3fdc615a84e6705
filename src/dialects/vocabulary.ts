// The words between dialects: what an answer consists of, whoever wrote it. Mock and translations speak it; relayed answers never become it.
import type { Failure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import type { Usage } from "../core/lane.ts";
import type { DialectName } from "../core/names.ts";

/** Why an answer ended. */
export type Finish = "stop" | "length" | "tool-calls" | "content-filter";

/** What a block of an answer holds. */
export type BlockKind = "text" | "reasoning" | "tool-call" | "refusal";

/** One step of an answer. Blocks are numbered from 0 in order of their start; every block that starts ends. */
export type ChatEvent =
  | {
      readonly type: "answer-start";
      readonly id: string;
      readonly model: string;
      /** Unix seconds. */ readonly created: number;
    }
  | {
      readonly type: "block-start";
      readonly block: number;
      readonly kind: BlockKind;
      /** For tool calls: the call id and the function's name. */
      readonly id?: string;
      readonly name?: string;
    }
  | { readonly type: "block-delta"; readonly block: number; readonly text: string }
  | {
      readonly type: "block-note";
      readonly block: number;
      readonly note: {
        readonly signature?: string;
        readonly encrypted?: string;
        readonly annotation?: JsonObject;
        readonly logprobs?: JsonObject;
        readonly origin: DialectName;
      };
    }
  | { readonly type: "block-end"; readonly block: number }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "answer-end"; readonly finish: Finish }
  | { readonly type: "failure"; readonly failure: Failure };
