// Signatures and sealed thoughts travel through clients of other dialects and come back. They mean something to their author only, so
// they go out with their author's name and are taken apart again on return; nothing that we did not wrap is touched.
import type { Body } from "../core/body.ts";
import { type Member, mayStart } from "../core/json-scan.ts";
import type { DialectName } from "../core/names.ts";
import type { Origin } from "./vocabulary.ts";

const MARK = "oce1";
const PARTS = 4;
const NEEDLE = Buffer.from(`"${MARK}:`);

/** False when a member surely holds nothing that we wrapped; a user may speak of it, so true is to be looked into. */
export function mayHoldSealed(body: Body, member: Member): boolean {
  return mayStart(member, MARK) && body.raw(member).indexOf(NEEDLE) >= 0;
}

/** Behind the prefix of an item's id that we made (`msg_oce1_…`): its provider knows no such item. */
export const OWN_ID_MARK = `${MARK}_`;
const ID_NEEDLE = Buffer.from(`_${OWN_ID_MARK}`);
const OWN_ID = new RegExp(`^[a-z]+_${OWN_ID_MARK}`);

/** False when JSON text surely holds no id of an item that we made. */
export function mayHoldOwnIds(bytes: Buffer): boolean {
  return bytes.indexOf(ID_NEEDLE) >= 0;
}

/** True for an id of an item that we made. */
export function isOwnId(id: unknown): boolean {
  return typeof id === "string" && OWN_ID.test(id);
}

/** True for a text that we wrapped. */
export function isSealed(text: unknown): boolean {
  return typeof text === "string" && text.startsWith(`${MARK}:`);
}

/** A payload with its author's name. Provider ids hold no colon. */
export function seal(payload: string, { dialect, provider }: Origin): string {
  return [MARK, dialect, provider ?? "", payload].join(":");
}

/** The payload and its author; a text that we did not wrap is the given dialect's own, of a provider that nobody named. */
export function unseal(text: string, dialect: DialectName): { readonly payload: string; readonly origin: Origin } {
  const parts = text.split(":");
  if (parts[0] !== MARK || parts.length < PARTS) return { payload: text, origin: { dialect, provider: null } };
  const [, author = "", provider = "", ...rest] = parts;
  // A name that is no dialect matches no target: the payload is dropped as a stranger's.
  return { payload: rest.join(":"), origin: { dialect: author as DialectName, provider } };
}

/** True when this author's words may be sent to that provider in that dialect. */
export function isOwn(origin: Origin, to: { readonly dialect: DialectName; readonly provider: string }): boolean {
  return origin.dialect === to.dialect && (origin.provider === null || origin.provider === to.provider);
}
