// The texts of the bench: both ends of a run make the same text and the same checksum from a number.
import { crc32 } from "node:zlib";

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

/** Pieces in a whole answer: about 1 KB of JSON. */
const WHOLE_PIECES = 28;

/** The text of a whole answer. */
export function wholeText(variant: number): string {
  return piecesOf(WHOLE_PIECES, variant).join("");
}
