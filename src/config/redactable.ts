// All secret values of a configuration, so that texts which others wrote can be cleaned of them.
import type { Agent, GatewaySettings, Target } from "../core/snapshot.ts";
import type { CollectorSecrets } from "./collector-secrets.ts";
import type { ProviderFrame } from "./provider-frame.ts";
import type { SecretBook } from "./secrets.ts";

/** Where secrets ended up. */
export interface SecretHolders {
  readonly frames: readonly ProviderFrame[];
  readonly agents: readonly Agent[];
  readonly gateway: GatewaySettings;
  readonly collector: CollectorSecrets;
  readonly book: SecretBook;
}

/** Shorter texts are words, and taking them out would maim innocent sentences. */
const LENGTH_MIN = 8;
/** Headers whose values are secrets wherever they are written; the last one is what Honeycomb calls its key. */
const SECRET_HEADER = /authorization|cookie|token|secret|key|password|honeycomb-team/i;

/** The scheme's name is no secret, what follows it is. */
function secretParts(headers: Iterable<readonly [string, string]>): readonly string[] {
  const secret = [...headers].filter(([name]) => SECRET_HEADER.test(name));
  return secret.map(([, value]) => value.replace(/^(bearer|basic)\s+/i, ""));
}

function frameSecrets({ ring, parts }: ProviderFrame): readonly string[] {
  const headers = [...Object.entries(parts.providerHeaders), ...Object.entries(parts.requestHeaders)];
  return [...ring.keys.map(({ value }) => value), ...parts.secrets, ...secretParts(headers)];
}

/** A `remote` server of embeddings has keys that no provider has. */
function targetSecrets(target: Target | null): readonly string[] {
  return (target?.credentials ?? []).flatMap(({ headers }) => {
    const flat = headers.reveal();
    return secretParts(flat.flatMap((_, at) => (at % 2 === 0 ? [flat.slice(at, at + 2) as [string, string]] : [])));
  });
}

/** Values to be removed from texts, the longest first, so that none is left in part. */
export function redactable({ frames, agents, gateway, collector, book }: SecretHolders): readonly string[] {
  const ids = new Set(frames.map(({ id }) => id));
  const values = [
    ...frames.flatMap(frameSecrets),
    ...agents.flatMap(({ embeddings }) => targetSecrets(embeddings)),
    ...[gateway.auth.token, gateway.auth.password].map((secret) => secret?.reveal() ?? ""),
    ...secretParts(collector.headers),
    ...collector.credentials,
    ...book.values(),
  ];
  const usable = values.map((value) => value.trim()).filter((value) => value.length >= LENGTH_MIN && !ids.has(value));
  return [...new Set(usable)].sort((a, b) => b.length - a.length);
}
