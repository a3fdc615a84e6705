// Where the providers of a configuration are, and the proxies on the way to them.
import type { Snapshot, Target } from "../core/snapshot.ts";

/** Each origin once. Built-in providers that nobody configured are left out: everybody knows where they are. */
export function providerOrigins({ targets, agents, providers }: Snapshot): readonly string[] {
  const chosen = [...agents.values()].flatMap(({ chain, imageChain, embeddings }) =>
    chain.concat(imageChain, embeddings ?? []),
  );
  const written = [...providers.values()].filter(({ builtIn }) => !builtIn).map(({ baseUrl }) => baseUrl);
  return [...new Set(written.concat([...targets.values(), ...chosen].flatMap(originsOf)))];
}

function originsOf({ transport: { origin, proxy } }: Target): readonly string[] {
  return proxy === null ? [origin] : [origin, proxy.origin];
}
