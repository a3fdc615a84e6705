// The workers of an edge, each called on a connection of its own: who takes a new connection is the system's choice, who has it stays.
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import type { Edge } from "./edge.ts";

/** An answer, read whole. */
export interface WorkerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A process id by worker number, as the log told last. */
export function workerPids(edge: Edge): ReadonlyMap<number, number> {
  const lines = edge.logs.filter(({ msg }) => msg === "a worker serves");
  return new Map(lines.map(({ worker, pid }) => [Number(worker), Number(pid)]));
}

/** One connection to one worker. */
export class WorkerLine {
  readonly number: number;
  readonly #edge: Edge;
  readonly #agent: Agent;

  private constructor(edge: Edge, agent: Agent, number: number) {
    this.#edge = edge;
    this.#agent = agent;
    this.number = number;
  }

  /** A connection to whoever takes it. */
  static async open(edge: Edge): Promise<WorkerLine> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { text } = await call(edge, agent, { path: "/readyz" });
    const { workers } = JSON.parse(text) as { workers: { number: number } };
    return new WorkerLine(edge, agent, workers.number);
  }

  post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<WorkerAnswer> {
    return call(this.#edge, this.#agent, { path, body, headers });
  }

  get(path: string): Promise<WorkerAnswer> {
    return call(this.#edge, this.#agent, { path });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** One connection to each of so many workers, in the order of their numbers. */
export async function workerLines(edge: Edge, count: number): Promise<WorkerLine[]> {
  const lines = new Map<number, WorkerLine>();
  for (let tries = 0; lines.size < count && tries < 200; tries += 1) {
    const line = await WorkerLine.open(edge);
    if (lines.has(line.number)) line.close();
    else lines.set(line.number, line);
  }
  if (lines.size < count) throw new Error(`only workers ${[...lines.keys()].join()} take connections`);
  return [...lines.values()].toSorted((a, b) => a.number - b.number);
}

/** A call on a connection of its own. */
export function freshCall(edge: Edge, path: string, body?: object): Promise<WorkerAnswer> {
  return call(edge, new Agent({ keepAlive: false }), { path, ...(body && { body }) });
}

/** What is asked for. */
export interface Ask {
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call on a connection of this agent. */
export function call(edge: Edge, agent: Agent, { path, body, headers = {} }: Ask): Promise<WorkerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>();
  const method = body === undefined ? "GET" : "POST";
  const asking = request(`${edge.url}${path}`, { agent, method, headers: { ...edge.headers(), ...headers } });
  asking.on("error", reject);
  asking.on("response", (response) => {
    const parts: Buffer[] = [];
    response.on("data", (part: Buffer) => parts.push(part));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(parts).toString("utf8");
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
  });
  asking.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}
