// TABLE: what the doors serve. A new endpoint is a row here; a row without `scope` is open to everybody: health, the empty page, and
// the metrics of the admin door where the file opens them.
import { isFailure } from "../core/failure.ts";
import { type Operation, ROUTES } from "../core/names.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { admit } from "./admit.ts";
import { send } from "./answer.ts";
import { field } from "./fields.ts";
import { liveness, readiness } from "./health.ts";
import { OPERATION_DIALECTS } from "../dialects/index.ts";
import { listModels, readModel } from "./models.ts";
import { refuse } from "./refuse.ts";
import type { Scope } from "./scopes.ts";
import { STATUS_ENDPOINTS } from "./status/endpoints.ts";
import type { EncodeFailure, Visit } from "./visit.ts";

/** One endpoint. */
export interface Endpoint {
  /** The route template, as events name it. */
  readonly template: string;
  /** Paths as the router has them, matched against the raw request target. */
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  /** What the caller must hold; null asks for nothing, not even a credential. A function where the file has a say. */
  readonly scope: Scope | null | ((snapshot: Snapshot) => Scope | null);
  /** False makes it a path that does not exist. */
  readonly isOn: (snapshot: Snapshot) => boolean;
  /** True where the cookie of a signed-in browser is a credential, too. */
  readonly takesSession?: boolean;
  /** True where `x-api-key` is a credential, too. */
  readonly takesApiKey?: boolean;
  /** Draws refusals; OpenAI's envelope unless said otherwise. */
  readonly encodeFailure?: EncodeFailure;
  /** Where this dialect's clients look for the request's id, beside `x-request-id`. */
  readonly requestIdField?: string;
  readonly serve: (visit: Visit) => Response | Promise<Response>;
}

const READING = ["GET", "HEAD"];
const MODEL_PREFIX = "/v1/models/";

/** Life and readiness, at both doors. */
const HEALTH: readonly Endpoint[] = [
  {
    template: "/healthz",
    paths: ["/healthz", "/health"],
    methods: READING,
    scope: null,
    isOn: always,
    serve: (visit) => send(visit, liveness()),
  },
  {
    template: "/readyz",
    paths: ["/readyz", "/ready"],
    methods: READING,
    scope: null,
    isOn: always,
    serve: (visit) => send(visit, readiness(visit)),
  },
];

/** All endpoints for clients; of two that match, the first. */
export const ENDPOINTS: readonly Endpoint[] = [
  modelCall("chat"),
  modelCall("responses"),
  messagesCall("messages"),
  messagesCall("count-tokens"),
  modelCall("embeddings"),
  {
    template: "/v1/models",
    paths: ["/v1/models"],
    methods: ["GET"],
    scope: "operator.read",
    isOn: ({ gateway }) => gateway.endpoints.models,
    serve: (visit) => send(visit, listModels(visit.snapshot, field(visit.headers, "if-none-match"))),
  },
  {
    template: "/v1/models/{id}",
    paths: [`${MODEL_PREFIX}*`],
    methods: ["GET"],
    scope: "operator.read",
    isOn: ({ gateway }) => gateway.endpoints.models,
    serve: serveModel,
  },
  ...HEALTH,
  {
    template: "/api/diagnostics/prometheus",
    paths: ["/api/diagnostics/prometheus"],
    methods: ["GET"],
    scope: "operator.read",
    isOn: hasMetrics,
    serve: serveMetrics,
  },
  ...STATUS_ENDPOINTS,
];

/** The admin door: for probes that cannot reach a loopback bind, and for scrapers. */
export const ADMIN_ENDPOINTS: readonly Endpoint[] = [
  ...HEALTH,
  {
    template: "/metrics",
    paths: ["/metrics"],
    methods: ["GET"],
    scope: ({ gateway }) => (gateway.admin?.metricsAuth === "none" ? null : "operator.read"),
    isOn: hasMetrics,
    serve: serveMetrics,
  },
];

function modelCall(operation: Operation): Endpoint {
  const path = ROUTES[operation];
  return {
    template: path,
    paths: [path],
    methods: ["POST"],
    scope: "operator.write",
    isOn: ({ gateway }) => gateway.endpoints[operation],
    serve: (visit) => admit(visit, operation),
  };
}

/** As Anthropic's own SDKs expect it. */
function messagesCall(operation: Operation): Endpoint {
  const { encodeFailure } = OPERATION_DIALECTS[operation].ingress;
  return { ...modelCall(operation), takesApiKey: true, encodeFailure, requestIdField: "request-id" };
}

function serveModel(visit: Visit): Response {
  const answer = readModel(visit.snapshot, visit.path.slice(MODEL_PREFIX.length));
  return isFailure(answer) ? refuse(visit, answer) : send(visit, answer);
}

async function serveMetrics(visit: Visit): Promise<Response> {
  const { contentType, body } = await visit.lobby.parts.renderMetrics(field(visit.headers, "accept"));
  return send(visit, { status: 200, headers: ["content-type", contentType, "cache-control", "no-store"], body });
}

function hasMetrics({ metrics }: Snapshot): boolean {
  return metrics !== "no-path";
}

function always(): boolean {
  return true;
}
