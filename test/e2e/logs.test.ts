// The log of a running gateway: where it goes, and that nobody who reads it badly can hold a request up.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { polled } from "../support/wait.ts";

const messages = [{ role: "user", content: "hello" }];
/** More lines than a pipe and a stream hold. */
const MANY = 400;
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider();
  provider.on("m", play.answer());
});
afterAll(() => provider.close());

function config(logging: object = {}): object {
  return { ...chainConfig({ a: provider.url }), logging };
}

async function ask(edge: Edge): Promise<number> {
  // A request that is refused late has a long line.
  const response = await edge.post("/v1/chat/completions", { messages, model: "x".repeat(600) });
  await response.text();
  return response.status;
}

async function askMany(edge: Edge): Promise<ReadonlySet<number>> {
  const statuses: number[] = [];
  for (let left = MANY; left > 0; left -= 40) {
    statuses.push(...(await Promise.all(Array.from({ length: 40 }, () => ask(edge)))));
  }
  return new Set(statuses);
}

describe("the log", () => {
  it("goes to a file as well, with a level of its own on the console", async () => {
    const edge = await startEdge({
      config: config({ file: "logs/edge.log", consoleLevel: "error", consoleStyle: "pretty", level: "info" }),
      until: "ready",
    });
    const file = join(dirname(edge.configPath), "logs/edge.log");
    const response = await edge.post("/v1/chat/completions", { messages });
    await response.text();
    const id = response.headers.get("x-request-id") ?? "none";
    await polled(async () => readFileSync(file, "utf8").includes(id), "the access line in the file");
    const records = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { msg: string });
    expect(records.map(({ msg }) => msg)).toEqual(["listening", "request"]);
    expect(edge.child.stdout).toEqual([]);
    await edge.stop();
  });

  it("that nobody takes any more holds no request up, and goes on when it is read again", async () => {
    await using edge = await startEdge({ config: config() });
    edge.child.output("stand-still");
    expect(await askMany(edge)).toEqual(new Set([400]));
    expect((await edge.get("/healthz")).status).toBe(200);
    edge.child.output("read-on");
    await edge.child.until(() => edge.logs.filter(({ msg }) => msg === "request").length === MANY, "all lines");
  });

  it("whose reader has gone holds no request up, nor the gateway from leaving", async () => {
    const edge = await startEdge({ config: config() });
    edge.child.output("close");
    expect(await askMany(edge)).toEqual(new Set([400]));
    expect(await edge.stop()).toBe(0);
  });

  it("whose reader stands still does not keep the gateway from leaving", async () => {
    await using edge = await startEdge({ config: config() });
    edge.child.output("stand-still");
    expect(await askMany(edge)).toEqual(new Set([400]));
    edge.child.signal("SIGTERM");
    await polled(async () => edge.child.code !== null || !(await isUp(edge)), "the gateway to leave");
    edge.child.output("read-on");
    expect(await edge.child.exited).toBe(0);
  });
});

async function isUp(edge: Edge): Promise<boolean> {
  try {
    return (await fetch(`${edge.url}/healthz`)).ok;
  } catch {
    return false;
  }
}
