// The text of a bench stream and the names that ask for it: both ends of a run make the same text and the same checksum from a number.
// Must not import anything but Node: the mock upstream has to start fast and stay small.
import { crc32 } from "node:zlib";

/** What a model name asks of the mock upstream. */
export type Ask =
  | { readonly kind: "whole" }
  | { readonly kind: "stream"; readonly events: number; readonly paceMs: number };

/** The model that asks for a stream of so many events, so many milliseconds apart (0: as fast as they go). */
export function streamModel(events: number, paceMs = 0): string {
  return `stream-${events}-${paceMs}`;
}

/** The model that asks for a whole answer of about 1 KB. */
export const WHOLE_MODEL = "whole";

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

/** The variant that a request body asks for. */
export function variantOf(body: string): number {
  return Number(/"user":"variant-(\d+)"/.exec(body)?.[1] ?? 0) % VARIANTS;
}

/** Text pieces of one stream: some 20 bytes each, not all of them ASCII, different for every variant. */
export function piecesOf(events: number, variant: number): string[] {
  return Array.from({ length: events }, (_, at) => {
    const word = crc32(`${variant}/${at}`).toString(36);
    return `${word} ${at % 8 === 3 ? "Grüße 🦞" : "lorem ipsum"} ${at} `;
  });
}

/** The checksum that a stream of this text carries in its last chunk. */
export function checksumOf(text: string): string {
  return `fp_${crc32(text).toString(16).padStart(8, "0")}`;
}
