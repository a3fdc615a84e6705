// The header lines of one request: the credential's, which are merged at load, and the one list that a client may add to.
import type { UpstreamRequest } from "../core/upstream.ts";

/** Flat. The credential's own list where nothing is added: it is shared and must not be changed. */
export function headersFor({ credential, added }: UpstreamRequest): readonly string[] {
  const own = credential.headers.reveal();
  if (added === undefined || added === null || added.values.length === 0) return own;
  const { name, values } = added;
  const at = own.findIndex((text, index) => index % 2 === 0 && text === name);
  if (at < 0) return [...own, name, values.join(",")];
  const written = (own[at + 1] ?? "").split(",").map((text) => text.trim());
  const all = new Set([...written.filter((text) => text !== ""), ...values]);
  return own.with(at + 1, [...all].join(","));
}
