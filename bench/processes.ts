// The processes of a run: mock upstream, floor, product. Each is started here, known by its pid, and stopped by it.
import { Child } from "../test/support/child.ts";
import { EDGE_TOKEN, startEdge } from "../test/support/edge.ts";
import { benchConfig } from "./bench-config.ts";

/** Something to send requests to. */
export interface Subject {
  readonly name: "direct" | "floor" | "edge";
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** Milliseconds from start to the first answer; null where nobody asked. */
  readonly startMs: number | null;
  [Symbol.asyncDispose](): Promise<void>;
}

async function startProgram(
  name: "direct" | "floor",
  file: string,
  env: Record<string, string> = {},
): Promise<Subject> {
  const path = new URL(file, import.meta.url).pathname;
  const startedAt = performance.now();
  const child = Child.start({ args: [path], env: { PATH: process.env["PATH"] ?? "", ...env } });
  const [, url = ""] = await child.line(/(http:\/\/127\.0\.0\.1:\d+)/);
  const stop = async (): Promise<void> => {
    await child.stop("SIGKILL");
  };
  const startMs = performance.now() - startedAt;
  return { name, url, token: EDGE_TOKEN, pid: child.pid, startMs, [Symbol.asyncDispose]: stop };
}

/** The mock upstream, which is also what `direct` means: no proxy at all. */
export async function startUpstream(): Promise<Subject> {
  return startProgram("direct", "upstream.ts");
}

/** The least that a Node proxy can do. */
export async function startFloor(upstreamUrl: string): Promise<Subject> {
  return startProgram("floor", "floor.ts", { UPSTREAM: upstreamUrl, TOKEN: EDGE_TOKEN });
}

/** The product. */
export async function startProduct(upstreamUrl: string, models: readonly string[], entry: string): Promise<Subject> {
  const startedAt = performance.now();
  const edge = await startEdge({ config: benchConfig(upstreamUrl, models), entry });
  const startMs = performance.now() - startedAt;
  edge.child.mute();
  const stop = async (): Promise<void> => {
    await edge.stop("SIGTERM");
  };
  return { name: "edge", url: edge.url, token: edge.token, pid: edge.child.pid, startMs, [Symbol.asyncDispose]: stop };
}
