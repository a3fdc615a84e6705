// The router over the endpoint table, and the order in which a request is judged: path, method, credential, scope, then the endpoint.
import { Hono } from "hono";
import { failure, type Failure } from "../core/failure.ts";
import { send } from "./answer.ts";
import { authenticate } from "./auth.ts";
import { isAllowedPreflight, preflightHeaders } from "./cors.ts";
import type { Endpoint } from "./endpoints.ts";
import { refuse } from "./refuse.ts";
import { checkScope } from "./scopes.ts";
import { hasSession } from "./status/session.ts";
import type { Visit } from "./visit.ts";

/** The door's app; its environment is the visit. Routes all methods by the raw target alone, so no other reader of the URL has a say. */
export type App = Hono<{ Bindings: Visit }>;

/** Builds the app from a table. */
export function createApp(endpoints: readonly Endpoint[]): App {
  const app: App = new Hono<{ Bindings: Visit }>({ getPath: (_request, options) => options?.env?.path ?? "" });
  for (const endpoint of endpoints) {
    for (const path of endpoint.paths) app.all(path, (c) => enter(endpoint, c.env));
  }
  app.notFound((c) => {
    const around = endpoints.find(({ paths }) => paths.some((path) => c.env.path.startsWith(`${path}/`)));
    if (around !== undefined) speakAs(around, c.env);
    return refuse(c.env, notFound());
  });
  app.onError((error, c) => collapse(c.env, error));
  return app;
}

function enter(endpoint: Endpoint, visit: Visit): Response | Promise<Response> {
  speakAs(endpoint, visit);
  if (!endpoint.isOn(visit.snapshot)) return refuse(visit, notFound());
  visit.endpoint = endpoint.template;
  visit.takesApiKey = endpoint.takesApiKey ?? false;
  if (!endpoint.methods.includes(visit.method)) return otherMethod(endpoint, visit);
  const refusal = unadmitted(visit, endpoint);
  return refusal === null ? endpoint.serve(visit) : refuse(visit, refusal);
}

/** Refusals are drawn for the endpoint's clients, also where it is switched off and below its path, where there is nothing. */
function speakAs({ encodeFailure, requestIdField }: Endpoint, visit: Visit): void {
  if (encodeFailure !== undefined) visit.encodeFailure = encodeFailure;
  visit.requestIdField = requestIdField ?? null;
}

/** A preflight bears no credential, so it is answered before one is asked for. */
function otherMethod({ methods }: Endpoint, visit: Visit): Response {
  const { headers, snapshot } = visit;
  if (visit.method === "OPTIONS" && isAllowedPreflight(snapshot.gateway, headers)) {
    return send(visit, { status: 204, headers: preflightHeaders(methods, headers), body: "" });
  }
  const refusal = failure("method-not-allowed", "Method Not Allowed", { phase: "request" });
  return refuse(visit, refusal, { headers: ["allow", methods.join(", ")] });
}

function unadmitted(visit: Visit, { scope: asked, takesSession }: Endpoint): Failure | null {
  const scope = typeof asked === "function" ? asked(visit.snapshot) : asked;
  if (scope === null || (takesSession === true && hasSession(visit))) return null;
  return authenticate(visit.ask()) ?? checkScope(visit.headers, visit.snapshot.gateway.auth.mode, scope);
}

function notFound(): Failure {
  return failure("not-found", "Not Found", { phase: "request" });
}

/** A bug of ours: told, and answered where an answer is still possible; else the connection is cut. */
function collapse(visit: Visit, error: unknown): Response {
  visit.lobby.parts.onBug(error);
  if (visit.outgoing.headersSent) visit.outgoing.destroy();
  return refuse(visit, failure("internal", "The gateway failed to handle the request.", { cause: error }));
}
