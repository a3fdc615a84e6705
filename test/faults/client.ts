// A client on a bare connection, for rows in which it leaves, does not read, or asks many times at once.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import type { ProviderRequest } from "../support/provider-request.ts";
import { RawClient } from "../support/raw.ts";
import { readChat } from "../support/sse.ts";
import type { Bench } from "./bench.ts";
import type { Gateway } from "./gateway.ts";
import { chatBytes } from "./request.ts";
import type { Outcome, Shape } from "./row.ts";

/** A breaker opens at the fifth failure in a row. */
const FAILURES_IN_ROW = 5;
/** How often memory is looked at while it may grow. */
const LOOK_MS = 10;

/** A connection on which a chat request was sent, and that request at the provider. */
export async function asking(bench: Bench, agent: string, shape: Shape = "stream"): Promise<Asking> {
  const before = bench.failing.requests.length;
  const client = await calling(bench, agent, shape);
  return { client, request: await bench.failing.request(before + 1) };
}

/** A client and its request at the provider. */
export interface Asking {
  readonly client: RawClient;
  readonly request: ProviderRequest;
}

/** A connection on which a chat request was sent. */
export async function calling(bench: Bench, agent: string, shape: Shape = "stream"): Promise<RawClient> {
  const client = await RawClient.connect(bench.gateway.url);
  await client.send(chatBytes(bench.gateway, agent, { shape }));
  return client;
}

/** So many clients that wait at the provider; `gone` once it is rid of them all. */
export async function waiting(bench: Bench, count: number, agent: string): Promise<Waiting> {
  const before = bench.failing.requests.length;
  const clients = await Promise.all(Array.from({ length: count }, () => calling(bench, agent)));
  await bench.failing.request(before + count);
  const gone = Promise.all(bench.failing.requests.slice(before, before + count).map((request) => request.gone));
  return { clients, gone };
}

/** Clients under way. */
export interface Waiting {
  readonly clients: readonly RawClient[];
  readonly gone: Promise<unknown>;
}

/** Requests one after the other. */
export async function inTurn(bench: Bench, count: number, agent: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < count; turn += 1)
    outcomes.push(await bench.ask(agent, turn % 2 === 0 ? "whole" : "stream"));
  return outcomes;
}

/** So many requests at once. */
export function many(bench: Bench, count: number, agent: string, shape: Shape = "whole"): Promise<Outcome[]> {
  return Promise.all(Array.from({ length: count }, () => bench.ask(agent, shape)));
}

/** How often each status came. */
export function statuses(outcomes: readonly Outcome[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Who answered: by the receipt, and where a gateway gives none by what the provider said. Null when nobody can tell. */
export function serverOf({ headers, text }: Pick<Outcome, "headers" | "text">): string | null {
  const receipt = headers.get("x-openclaw-served-by");
  if (receipt !== null) return receipt.split("/")[0] ?? null;
  const said = text.startsWith("{") ? text : readChat(text).text;
  return /Grüße from ([a-z0-9-]+)/.exec(said)?.[1] ?? null;
}

/** How often one answered. */
export function servedBy(outcomes: readonly Outcome[], name: string): number {
  return outcomes.filter((outcome) => outcome.status === 200 && serverOf(outcome) === name).length;
}

/** Resident memory of the product, in MiB. */
export function residentMiB({ gateway }: { readonly gateway: Pick<Gateway, "pid"> }): number {
  const status = readFileSync(`/proc/${gateway.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** How much resident memory the product takes at most on top of what it has now, until something is over, in MiB. */
export async function growthMiB(bench: Bench, until: Promise<unknown>): Promise<number> {
  const before = residentMiB(bench);
  let peak = before;
  const looking = setInterval(() => {
    peak = Math.max(peak, residentMiB(bench));
  }, LOOK_MS);
  try {
    await until;
  } finally {
    clearInterval(looking);
  }
  return Math.max(peak, residentMiB(bench)) - before;
}

/** SHA-256, for texts too long for a message. */
export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The value below which so large a part of the figures lies. */
export function percentile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** True when every request was answered by one provider. */
export function allServedBy(outcomes: readonly Outcome[], name: string): boolean {
  return servedBy(outcomes, name) === outcomes.length;
}

/** What breakers allow a dead provider: so many failures until they open, then a probe a second while it lasts. */
export function probesAllowed(breakers: number, startedAt: number): number {
  return breakers * (FAILURES_IN_ROW + Math.ceil((performance.now() - startedAt) / 1_000));
}

/** A demand and whether it is met: a sentence when it is not. */
export function unless(met: boolean, otherwise: string): readonly string[] {
  return met ? [] : [otherwise];
}
