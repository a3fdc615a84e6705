// The request that `explain` is asked about, and its plan: read, checked and planned by the code that a real one goes through.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Body } from "../core/body.ts";
import type { RequestFacts, Steering } from "../core/facts.ts";
import { failure, type Failure, isFailure } from "../core/failure.ts";
import { newTrace, requestIdOf } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import { isScanFault } from "../core/json-scan.ts";
import type { Operation } from "../core/names.ts";
import type { Plan } from "../core/plan.ts";
import type { Sink } from "../core/sink.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { readFacts } from "../proxy/read-facts.ts";
import { plan } from "../routing/plan.ts";
import { bodyBytesMax, tooLarge } from "../server/body-check.ts";
import { steeringOf } from "../server/steering.ts";
import { UsageError } from "./command.ts";
import type { Given } from "./options.ts";

/** A request that nobody sends. */
export interface Asked {
  readonly operation: Operation;
  readonly steering: Steering;
  readonly body: Buffer;
}

/** A request that can be planned, with its plan. Its instants count from 0. */
export interface Planned {
  readonly facts: RequestFacts;
  readonly plan: Plan;
}

/** The least that each operation takes. */
const BODIES = {
  chat: { messages: [{ role: "user", content: "Hello there!" }] },
  responses: { input: "Hello there!" },
  messages: { max_tokens: 1024, messages: [{ role: "user", content: "Hello there!" }] },
  "count-tokens": { messages: [{ role: "user", content: "Hello there!" }] },
  embeddings: { input: "Hello there!" },
} as const satisfies Record<Operation, Json>;

/** Nobody reads the answer of a request that is not sent. */
const NOWHERE: Sink = {
  head: () => undefined,
  write: () => true,
  end: () => undefined,
  abort: () => undefined,
  closed: true,
  headSent: false,
  bytesOut: 0,
  bytesTaken: 0,
  listener: null,
};

/** The request that the options describe. Throws UsageError. */
export async function askedOf(given: Given, cwd: string): Promise<Asked> {
  const [model] = given.positionals;
  const file = given.text("body");
  if (model === undefined && file === null) throw new UsageError("name a model, as a client would");
  const operation = given.text("operation") ?? "chat";
  if (!isOperation(operation)) throw new UsageError(`'${operation}' is no operation`);
  const edits = new Map<string, Json>();
  if (model !== undefined) edits.set("model", model);
  if (given.flag("stream")) edits.set("stream", true);
  const written = file === null ? Buffer.from(JSON.stringify(BODIES[operation])) : await bytesOf(resolve(cwd, file));
  const body = Body.fromBytes(written);
  // A body that cannot be read goes as it is: the answer to it is what was asked for.
  const bytes = isScanFault(body) ? written : body.encoded(edits);
  return { operation, steering: steeringOf(headersOf(given.list("header"))), body: bytes };
}

/** Facts and plan, or what the client would be told instead. */
export function planOf({ operation, steering, body }: Asked, snapshot: Snapshot): Planned | Failure {
  const { gateway, limits } = snapshot;
  if (!gateway.endpoints[operation]) return failure("not-found", "Not Found", { phase: "request" });
  const bytesMax = bodyBytesMax(limits, operation);
  if (body.length > bytesMax) return tooLarge(bytesMax);
  const trace = newTrace();
  const call = { requestId: requestIdOf(trace), trace, operation, endpoint: "explain", steering, body, snapshot };
  const facts = readFacts({ ...call, sink: NOWHERE, startedAt: 0, bodyAt: 0 });
  if (isFailure(facts)) return facts;
  const made = plan(snapshot, facts);
  return isFailure(made) ? made : { facts, plan: made };
}

function isOperation(text: string): text is Operation {
  return Object.hasOwn(BODIES, text);
}

async function bytesOf(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new UsageError(`cannot read the body: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function headersOf(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    written.map((each) => {
      const at = each.indexOf("=");
      if (at < 1) throw new UsageError(`'${each}' is not NAME=VALUE`);
      return [each.slice(0, at).trim().toLowerCase(), each.slice(at + 1)];
    }),
  );
}
