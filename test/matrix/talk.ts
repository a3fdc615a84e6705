// A conversation as one client library holds it: it asks with its own words, keeps its own history, and says what its user got to see.

/** What is asked beside the conversation. */
export interface Ask {
  readonly stream?: boolean;
  readonly tools?: boolean;
  readonly schema?: boolean;
  readonly effort?: boolean;
  readonly signal?: AbortSignal;
  /** Called with each piece of text of a stream. */
  readonly onText?: (text: string) => void;
}

/** A call as the client's user sees it. */
export interface SeenCall {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}

/** What the client's user got to see. */
export interface Seen {
  readonly text: string;
  readonly thought: string;
  readonly calls: readonly SeenCall[];
  /** Why it ended, in the common word. */
  readonly finish: "stop" | "tool-calls" | "length" | "other";
  readonly usage: { readonly input: number | undefined; readonly output: number | undefined };
}

/** How a client hears of a failure. */
export interface SeenError {
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** One conversation. */
export interface Talk {
  /** The user's next words. */
  user(text: string, image?: string): void;
  /** Results of calls, in the order given. */
  results(results: readonly { readonly call: SeenCall; readonly text: string }[]): void;
  /** Asks, and keeps the answer in the history. */
  ask(ask: Ask): Promise<Seen>;
}

/** One client library with one API of ours. */
export interface Client {
  readonly name: string;
  /** Path of the API. */
  readonly path: string;
  /** What this library cannot show or give back, whoever answers, and why. */
  readonly lacks?: { readonly thought?: string; readonly proof?: string; readonly message?: string };
  open(at: { readonly url: string; readonly token: string; readonly fetch: typeof fetch }, model: string): Talk;
  /** What an error of this library says. */
  readError(error: unknown): SeenError;
}

/** The instructions of every conversation. */
export const SYSTEM = "Answer in one sentence.";
/** Room for the answer in every request. */
export const OUTPUT_MAX = 4_000;

/** The one tool. */
export const TOOL = {
  name: "get_weather",
  description: "Tells the weather of a city.",
  schema: {
    type: "object",
    properties: { city: { type: "string", description: "Name of the city" } },
    required: ["city"],
    additionalProperties: false,
  },
} as const;

/** The form of a structured answer. */
export const FORMAT = {
  name: "weather",
  schema: {
    type: "object",
    properties: { city: { type: "string" }, degrees: { type: "integer" } },
    required: ["city", "degrees"],
    additionalProperties: false,
  },
} as const;
