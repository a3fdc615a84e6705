// Something to send requests to, known by its pid and stopped by it.
import { Child } from "../../test/support/child.ts";
import { EDGE_TOKEN } from "../../test/support/edge.ts";
import type { Target } from "../load/streams.ts";

/** A running subject. */
export interface Subject extends Target {
  readonly name: string;
  readonly pid: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What every request to a subject carries. */
export const HEADERS = { authorization: `Bearer ${EDGE_TOKEN}`, "content-type": "application/json" };

/** Starts a program of this folder that prints its address once it listens. */
export async function startProgram(name: string, file: string, env: Record<string, string> = {}): Promise<Subject> {
  const path = new URL(file, import.meta.url).pathname;
  const child = Child.start({ args: [path], env: { PATH: process.env["PATH"] ?? "", ...env } });
  const [, url = ""] = await child.line(/(http:\/\/127\.0\.0\.1:\d+)/);
  const stop = async (): Promise<void> => {
    await child.stop("SIGKILL");
  };
  return { name, url, headers: HEADERS, pid: child.pid, [Symbol.asyncDispose]: stop };
}

/** The mock upstream, which is also what `direct` means: no proxy at all. */
export async function startUpstream(): Promise<Subject> {
  return startProgram("direct", "../upstream/main.ts");
}

/** The least that a Node proxy can do. */
export async function startFloor(upstreamUrl: string): Promise<Subject> {
  return startProgram("floor", "floor-proxy.ts", { UPSTREAM: upstreamUrl, TOKEN: EDGE_TOKEN });
}
