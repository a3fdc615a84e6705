// What a call says of itself, or the 400 that says what is wrong with its body (decision 6).
import { Body } from "../core/body.ts";
import type { Call } from "../core/call.ts";
import type { BodyFacts, RequestFacts, Steering } from "../core/facts.ts";
import { failure, type Failure, isFailure } from "../core/failure.ts";
import type { TraceContext } from "../core/ids.ts";
import { JSON_VALUES_MAX } from "../core/json.ts";
import { isScanFault, type ScanFault } from "../core/json-scan.ts";
import type { DialectName, Need, Operation } from "../core/names.ts";
import { OPERATION_DIALECTS } from "../dialects/index.ts";

/** Reads the facts of a call; needs are looked for on first use. */
export function readFacts(call: Call): RequestFacts | Failure {
  const body = Body.fromBytes(call.body, call.snapshot.limits.depth, JSON_VALUES_MAX);
  if (isScanFault(body)) return scanFailure(body);
  const { ingress, name } = OPERATION_DIALECTS[call.operation];
  const read = ingress.readFacts(body);
  return isFailure(read) ? read : new Facts(call, { body, read, dialect: name });
}

class Facts implements RequestFacts {
  readonly requestId: string;
  readonly trace: TraceContext;
  readonly startedAt: number;
  readonly bodyAt: number;
  readonly operation: Operation;
  readonly dialect: DialectName;
  readonly body: Body;
  readonly steering: Steering;
  readonly model: string;
  readonly stream: boolean;
  readonly wantsUsage: boolean;
  #needs: ReadonlySet<Need> | null = null;

  constructor(call: Call, of: { readonly body: Body; readonly read: BodyFacts; readonly dialect: DialectName }) {
    this.requestId = call.requestId;
    this.trace = call.trace;
    this.startedAt = call.startedAt;
    this.bodyAt = call.bodyAt;
    this.operation = call.operation;
    this.dialect = of.dialect;
    this.body = of.body;
    this.steering = call.steering;
    this.model = of.read.model;
    this.stream = of.read.stream;
    this.wantsUsage = of.read.wantsUsage;
  }

  get needs(): ReadonlySet<Need> {
    this.#needs ??= OPERATION_DIALECTS[this.operation].ingress.readNeeds(this.body);
    return this.#needs;
  }
}

const FAULT_WORDS: Readonly<Record<ScanFault["why"], readonly [code: string, message: string]>> = {
  empty: ["invalid_json", "The request body is empty."],
  encoding: ["body_encoding", "The request body is not valid UTF-8."],
  "byte-order-mark": ["body_encoding", "The request body starts with a byte order mark."],
  "not-an-object": ["invalid_json", "The request body must be a JSON object."],
  broken: ["invalid_json", "The request body is not valid JSON."],
  trailing: ["invalid_json", "The request body goes on behind its JSON object."],
  "too-deep": ["invalid_body", "The request body is nested too deeply."],
  "too-many-keys": ["invalid_body", "The request body has too many keys."],
  "too-many-values": ["invalid_body", "The request body has too many values."],
  "duplicate-key": ["invalid_body", "The request body has a key twice."],
};

function scanFailure(fault: ScanFault): Failure {
  const [code, message] = FAULT_WORDS[fault.why];
  const place = fault.why === "empty" ? "" : ` (byte ${fault.at})`;
  return failure("request-invalid", `${message.slice(0, -1)}${place}.`, {
    code,
    param: fault.key?.slice(0, 64) ?? null,
    phase: "request",
  });
}
