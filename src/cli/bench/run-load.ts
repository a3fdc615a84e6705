// Sends a load for a while: so many requests at once, each connection asking again when its answer is there, or at a steady rate.
import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { type Load, type Sample, sampled } from "./asking.ts";

/** How much, for how long. */
export interface LoadPlan {
  readonly load: Omit<Load, "agent">;
  readonly connections: number;
  readonly durationMs: number;
  /** Requests per second; null: as fast as answers come. */
  readonly rate: number | null;
  /** Stops early after so many requests; null: by time alone. */
  readonly requests: number | null;
}

/** Everything that was seen. */
export interface LoadResult {
  readonly samples: readonly Sample[];
  readonly seconds: number;
  /** Starts that a rate asked for and that found no free connection. */
  readonly missed: number;
}

/** Runs it; `tick` hears every answer. Never rejects. */
export async function runLoad(plan: LoadPlan, tick: (sample: Sample) => void): Promise<LoadResult> {
  const agent = new (plan.load.url.protocol === "https:" ? TlsAgent : Agent)({
    keepAlive: true,
    maxSockets: plan.connections,
  });
  const run = new LoadRun({ ...plan.load, agent }, plan, tick);
  await (plan.rate === null ? run.closed() : run.paced(plan.rate));
  agent.destroy();
  return run.result();
}

class LoadRun {
  readonly #load: Load;
  readonly #plan: LoadPlan;
  readonly #tick: (sample: Sample) => void;
  readonly #samples: Sample[] = [];
  readonly #startedAt = performance.now();
  #started = 0;
  #missed = 0;
  #endedAt = 0;

  constructor(load: Load, plan: LoadPlan, tick: (sample: Sample) => void) {
    this.#load = load;
    this.#plan = plan;
    this.#tick = tick;
  }

  /** Each connection asks again as soon as it has its answer. */
  async closed(): Promise<void> {
    const worker = async (): Promise<void> => {
      while (this.#goesOn()) await this.#one();
    };
    await Promise.all(Array.from({ length: this.#plan.connections }, worker));
  }

  /** Starts at even distances, whether answers are there or not; what finds no connection is counted and left out. */
  async paced(rate: number): Promise<void> {
    const under = new Set<Promise<void>>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setInterval(
      () => {
        if (!this.#goesOn()) return resolve();
        const due = Math.floor(((performance.now() - this.#startedAt) / 1000) * rate) + 1;
        while (this.#started + this.#missed < due && this.#goesOn()) this.#begin(under);
      },
      Math.min(1000 / rate, 50),
    );
    await promise;
    clearInterval(timer);
    await Promise.all(under);
  }

  result(): LoadResult {
    return { samples: this.#samples, seconds: (this.#endedAt - this.#startedAt) / 1000, missed: this.#missed };
  }

  #begin(under: Set<Promise<void>>): void {
    if (under.size >= this.#plan.connections) {
      this.#missed += 1;
      return;
    }
    const one = this.#one().finally(() => under.delete(one));
    under.add(one);
  }

  #goesOn(): boolean {
    const { durationMs, requests } = this.#plan;
    return performance.now() - this.#startedAt < durationMs && (requests === null || this.#started < requests);
  }

  async #one(): Promise<void> {
    this.#started += 1;
    const sample = await sampled(this.#load);
    this.#samples.push(sample);
    this.#endedAt = performance.now();
    this.#tick(sample);
  }
}
