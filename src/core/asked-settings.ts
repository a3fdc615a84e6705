// How a request wants its answer made: what the spans of a call tell of it. No texts of a prompt are among them.

/** Kinds of answers, in the words of the GenAI conventions. */
export type OutputType = "text" | "json" | "image" | "speech";

/** Settings of a request, in the words of no dialect; those that it leaves out are absent. */
export interface AskedSettings {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly stopSequences?: readonly string[];
  /** Absent for one. */
  readonly choiceCount?: number;
  readonly reasoningLevel?: string;
  readonly previousResponseId?: string;
  readonly conversationId?: string;
  /** What the answer is to be, where the request says so. */
  readonly outputType?: OutputType;
}
