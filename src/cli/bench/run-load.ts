// Sends a load of one kind of request for a while, and keeps what every request saw.
import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { setTimeout as after } from "node:timers/promises";
import { type Load, type Sample, sampled } from "./asking.ts";
import { atPace, type Pace, type Paced } from "./pace.ts";

/** How much, for how long, of what. */
export interface LoadPlan extends Pace {
  readonly load: Omit<Load, "agent">;
}

/** Everything that was seen. */
export interface LoadResult extends Paced {
  readonly samples: readonly Sample[];
}

/**
 * How long a connection waits for its next request. Many servers close it after five seconds, ours after 65, and one that closes in the moment
 * in which it is taken again looks like an answer that was cut.
 */
const IDLE_MS = 4_000;
/** Who found nobody asks again only then: a server that has gone would else be knocked at thousands of times a second. */
const NOBODY_MS = 100;

/** An agent that keeps so many connections open to a URL, and opens no more. */
export function keptConnections(url: URL, connections: number): Agent {
  const options = { keepAlive: true, maxSockets: connections, timeout: IDLE_MS };
  return new (url.protocol === "https:" ? TlsAgent : Agent)(options);
}

/** Runs it; `tick` hears every answer. Never rejects. */
export async function runLoad({ load, ...pace }: LoadPlan, tick: (sample: Sample) => void): Promise<LoadResult> {
  const agent = keptConnections(load.url, pace.connections);
  const samples: Sample[] = [];
  const paced = await atPace(pace, async (dueMs) => {
    const sample = await sampled({ ...load, agent }, dueMs);
    samples.push(sample);
    tick(sample);
    if (sample.status === null) await after(NOBODY_MS);
  });
  agent.destroy();
  return { samples, ...paced };
}
