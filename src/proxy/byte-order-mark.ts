// A byte order mark in front of an answer. Readers that decode text drop it unasked, and it is neither JSON nor an event.
import { noteRepair, type Told } from "../core/lane.ts";

/** The bytes without the mark that they may begin with; dropping one is noted. */
export function withoutMark(bytes: Buffer, told: Told): Buffer {
  if (bytes[0] !== 0xef || bytes[1] !== 0xbb || bytes[2] !== 0xbf) return bytes;
  noteRepair(told, "mark-dropped");
  return bytes.subarray(3);
}
