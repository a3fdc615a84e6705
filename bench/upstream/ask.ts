// What a request asks of the mock upstream: its model says how long and how fast, its path says in which dialect, its user which text.

/** What a model name asks for. */
export type Ask =
  | { readonly kind: "whole" }
  | { readonly kind: "stream"; readonly events: number; readonly paceMs: number };

/** The model that asks for a whole answer of about 1 KB. */
export const WHOLE_MODEL = "whole";

/** The model that asks for a stream of so many events, so many milliseconds apart (0: as fast as they go). */
export function streamModel(events: number, paceMs = 0): string {
  return `stream-${events}-${paceMs}`;
}

/** What a model name asks; a prefix up to the last slash (`openclaw/`) is not looked at. Null for a name that asks nothing. */
export function askOf(model: string): Ask | null {
  const name = model.slice(model.lastIndexOf("/") + 1);
  if (name === WHOLE_MODEL) return { kind: "whole" };
  const match = /^stream-(\d+)-(\d+)$/.exec(name);
  return match === null ? null : { kind: "stream", events: Number(match[1]), paceMs: Number(match[2]) };
}

/** How many different texts there are of one length; a request names its own in `user`, so that an answer to another request is noticed. */
export const VARIANTS = 16;

/** The `user` that asks for a variant. */
export function userFor(variant: number): string {
  return `variant-${variant % VARIANTS}`;
}

/** The variant that a request asks for, in OpenAI's place (`user`) or Anthropic's (`metadata.user_id`). */
export function variantOf(body: Buffer): number {
  const at = body.indexOf('"variant-');
  return at < 0 ? 0 : Number.parseInt(body.toString("latin1", at + 9, at + 13), 10) % VARIANTS;
}

/** The model that a request names; empty when it names none. */
export function modelOf(body: Buffer): string {
  const at = body.indexOf('"model":"');
  return at < 0 ? "" : body.toString("latin1", at + 9, body.indexOf('"', at + 9));
}
