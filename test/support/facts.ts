// Requests as the corridor knows them, for tests of what is read from a body and what is planned for it.
import { Body } from "../../src/core/body.ts";
import type { RequestFacts, Steering } from "../../src/core/facts.ts";
import { isFailure } from "../../src/core/failure.ts";
import { newTrace, requestIdOf } from "../../src/core/ids.ts";
import { isScanFault } from "../../src/core/json-scan.ts";
import type { Operation } from "../../src/core/names.ts";
import { OPERATION_DIALECTS } from "../../src/dialects/index.ts";

/** What a request of a test says; the rest is sensible. */
export interface FactsSketch {
  readonly operation?: Operation;
  /** Members of the body, beside what the operation requires. */
  readonly body?: object;
  readonly steering?: Partial<Steering>;
  readonly bodyAt?: number;
}

const REQUIRED: Readonly<Record<Operation, object>> = {
  chat: { messages: [{ role: "user", content: "hi" }] },
  responses: { input: "hi" },
  messages: { max_tokens: 16, messages: [{ role: "user", content: "hi" }] },
  "count-tokens": { messages: [{ role: "user", content: "hi" }] },
  embeddings: { input: "hi" },
};

/** A body of this text; throws when it is no object. */
export function bodyOf(text: string): Body {
  const body = Body.fromBytes(Buffer.from(text));
  if (isScanFault(body)) throw new Error(`${body.why} at ${body.at}`);
  return body;
}

/** The facts of a request that passes its check. */
export function aRequest({ operation = "chat", body = {}, steering = {}, bodyAt = 0 }: FactsSketch = {}): RequestFacts {
  const { ingress, name } = OPERATION_DIALECTS[operation];
  const read = bodyOf(JSON.stringify({ ...REQUIRED[operation], ...body }));
  const facts = ingress.readFacts(read);
  if (isFailure(facts)) throw new Error(facts.message);
  const trace = newTrace();
  return {
    ...facts,
    requestId: requestIdOf(trace),
    trace,
    startedAt: 0,
    bodyAt,
    operation,
    dialect: name,
    body: read,
    steering: { agent: null, model: null, channel: null, betas: null, ...steering },
    needs: ingress.readNeeds(read),
  };
}
