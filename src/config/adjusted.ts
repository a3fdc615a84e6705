// `edge.compat.adjust`: remedies that are written for a target, as self-healing names them; and the revision of all that the file says of
// the shape of its requests.
import { hash } from "node:crypto";
import type { RemedyName } from "../core/remedy.ts";
import { remedied } from "../core/remedied.ts";
import type { Target } from "../core/snapshot.ts";

/** Remedies by target id, as written. */
export type Adjustments = Readonly<Record<string, readonly RemedyName[]>>;

/** The target with its written remedies, stamped with its revision. */
export function adjusted(made: Omit<Target, "revision">, adjust: Adjustments): Target {
  const id = made.id.toLowerCase();
  const names = Object.entries(adjust).flatMap(([written, remedies]) => (written.toLowerCase() === id ? remedies : []));
  const target = remedied({ ...made, revision: "" }, names);
  return { ...target, revision: revisionOf(target) };
}

/** Everything that bears on the bytes of a request. Keys and clocks do not. */
function revisionOf({ api, transport, endpoints, translatesTo, compat, params, fill, asksUsage }: Target): string {
  const said = [api, transport.origin, endpoints, translatesTo, compat, params, fill, asksUsage];
  return hash("sha256", JSON.stringify(said)).slice(0, 12);
}
