// One process: a gateway, and the reloader that changes its configuration.
import type { Loaded, LoadResult } from "../config/load-snapshot.ts";
import { realClock } from "../core/clock.ts";
import type { ReloadStanding } from "../server/lobby.ts";
import { isListenFault, type ListenFault } from "../server/servers.ts";
import type { Log } from "../telemetry/log.ts";
import { openGateway } from "./gateway.ts";
import type { ObservingOptions } from "./observing.ts";
import { Reloader } from "./reloader.ts";
import { takeIntoUse } from "./running.ts";

/** What `serve` runs: one process or several. */
export interface Wired {
  /** URLs for clients, and of the admin door. */
  readonly addresses: { readonly door: readonly string[]; readonly admin: readonly string[] };
  readonly log: Log;
  readonly reloader: Reloader;
  /** True when a part of it ended by a bug while it left. */
  readonly isBroken: boolean;
  /** Drains; called again it ends at once. Resolves when everything is said and closed. */
  leave(): Promise<void>;
}

/** What `serve` was told beside the config. */
export interface WireOptions extends ObservingOptions {
  /** Reads the configuration again. */
  readonly load: () => Promise<LoadResult>;
}

/** Wires and listens. */
export async function wire(first: Loaded, options: WireOptions): Promise<Wired | ListenFault> {
  const reloads = (): ReloadStanding => reloader.standing;
  const gateway = await openGateway({ ...options, snapshot: first.snapshot, reloads, shared: null });
  if (isListenFault(gateway)) return gateway;
  const { followers, observing, addresses } = gateway;
  const { log, observe } = observing;
  const reloader: Reloader = new Reloader({
    first,
    load: options.load,
    take: ({ snapshot, reload }) => takeIntoUse(snapshot, reload.mode, followers),
    log,
    observe,
    clock: realClock,
  });
  return {
    addresses,
    log,
    reloader,
    isBroken: false,
    async leave() {
      reloader.stop();
      await gateway.leave();
    },
  };
}
