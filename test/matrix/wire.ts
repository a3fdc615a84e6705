// One provider of the matrix as its clients see it: it reads a request strictly in its own wire format, answers 400 to whatever the real
// one refuses, and speaks true bytes. What it read is handed to the test in words that all wires share.
import type { z } from "zod";
import type { ProviderRequest } from "../support/provider-request.ts";
import { head, type Script, type Step, write } from "../support/script.ts";

/** A call as a provider makes it. */
export interface SaidCall {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
}

/** What a provider says. */
export interface Said {
  /** A thought before the answer. */
  readonly thought?: string;
  /** The text in the pieces of a stream. */
  readonly texts?: readonly string[];
  readonly calls?: readonly SaidCall[];
}

/** A result and the call that it answers. */
export interface HeardResult {
  readonly name: string;
  readonly args: unknown;
  readonly text: string;
}

/** What a provider read. */
export interface Heard {
  readonly stream: boolean;
  readonly system: string;
  /** The user's words, turn by turn. */
  readonly users: readonly string[];
  /** Base64 of every image. */
  readonly images: readonly string[];
  /** Results with their calls, in order of the calls. */
  readonly results: readonly HeardResult[];
  readonly tools: readonly { readonly name: string; readonly schema: unknown }[];
  readonly schema: unknown;
  /** How much to think, in the common word. */
  readonly effort: string | null;
  readonly outputMax: number | null;
  /** Thoughts of other authors, where a wire tolerates them. */
  readonly strange?: readonly string[];
  /** Proofs of thoughts and calls that came back to their author. */
  readonly proofs: readonly string[];
}

/** What a provider has given out and would know again: signatures, sealed thoughts, ids of items. */
export class Memory {
  readonly #issued = new Set<string>();
  #count = 0;

  /** A proof or id that nobody else has. */
  issue(name: string): string {
    this.#count += 1;
    return this.keep(`${name}${this.#count}`);
  }

  /** Remembers a proof or id. */
  keep(issued: string): string {
    this.#issued.add(issued);
    return issued;
  }

  knows(proof: string): boolean {
    return this.#issued.has(proof);
  }
}

/** What the real provider would answer with 400. */
export class Refused extends Error {}

/** One wire format, the provider's side. */
export interface Wire {
  /** `api` of the config. */
  readonly api: string;
  /** The one dialect that this provider speaks. */
  readonly dialect: string;
  readonly model: string;
  /** Behind the origin in `baseUrl`. */
  readonly base: string;
  /** What the provider lacks in hundreds, in its own words. */
  readonly limit: { readonly status: number; readonly body: object };
  /** Reads a request. Throws Refused where the real provider says 400. */
  hear(request: ProviderRequest, memory: Memory): Heard;
  say(said: Said, heard: Heard, memory: Memory): Script;
  /** The first of these texts, then an error inside the stream. */
  breakOff(texts: readonly string[]): Script;
  /** The first of these texts, then nothing. */
  begin(texts: readonly string[]): Script;
  refusal(message: string): object;
}

/** Reads a body by its published shape. */
export function shaped<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Refused(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""} ${JSON.stringify(body)}`);
}

/** A whole answer. */
export function whole(body: object, status = 200): Step[] {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = [["content-type", "application/json"]] as const;
  return [head(status, headers, { framing: { length: bytes.length } }), write(bytes)];
}

/** A stream of these pieces. */
export function streamed(type: string, pieces: readonly string[]): Step[] {
  return [head(200, [["content-type", type]]), ...pieces.map(write)];
}

/** Events of a stream; `named` ones say their type in a line of their own. */
export function events(payloads: readonly object[], named = false): string[] {
  return payloads.map((payload) => {
    const name = named && "type" in payload ? `event: ${String(payload.type)}\n` : "";
    return `${name}data: ${JSON.stringify(payload)}\n\n`;
  });
}

/** A text in two pieces, as streams cut arguments. */
export function halves(text: string): readonly [string, string] {
  const at = Math.ceil(text.length / 2);
  return [text.slice(0, at), text.slice(at)];
}

/** The base64 of a data URL. */
export function base64Of(url: string): string {
  const [, base64] = /^data:image\/png;base64,(.+)$/.exec(url) ?? [];
  if (base64 === undefined) throw new Refused(`not a data URL of a PNG: ${url.slice(0, 40)}`);
  return base64;
}
