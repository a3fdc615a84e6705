// TABLE: the page for people and what feeds it. All rows hold the `Host` against the list, none changes anything but the cookie.
import { jsonAnswer, send } from "../answer.ts";
import type { Endpoint } from "../endpoints.ts";
import { refuse } from "../refuse.ts";
import type { Visit } from "../visit.ts";
import { feedOf, lookFrom } from "./feed.ts";
import { page } from "./page.ts";
import { pageHostFault } from "./page-host.ts";
import { newSession, noSession } from "./session.ts";

const READING = ["GET", "HEAD"];
const isOn: Endpoint["isOn"] = ({ gateway }) => gateway.statusPage.enabled;

/** The rows. */
export const STATUS_ENDPOINTS: readonly Endpoint[] = [
  {
    template: "/",
    paths: ["/"],
    methods: READING,
    scope: null,
    isOn,
    serve: atHome((visit) => send(visit, page(visit))),
  },
  {
    template: "/status",
    paths: ["/status"],
    methods: READING,
    scope: null,
    isOn,
    serve: atHome((visit) => send(visit, page(visit))),
  },
  {
    template: "/status.json",
    paths: ["/status.json"],
    methods: READING,
    scope: "operator.read",
    takesSession: true,
    isOn,
    serve: atHome(async (visit) =>
      send(visit, jsonAnswer(200, feedOf(visit.lobby, await lookFrom(visit.lobby, 0), 0))),
    ),
  },
  {
    template: "/status/events",
    paths: ["/status/events"],
    methods: ["GET"],
    scope: "operator.read",
    takesSession: true,
    isOn,
    serve: atHome((visit) => visit.lobby.viewers.join(visit)),
  },
  {
    // The secret is shown as everywhere, as a bearer: no form, no body, and nothing that another site's page could send.
    template: "/status/session",
    paths: ["/status/session"],
    methods: ["POST"],
    scope: "operator.read",
    isOn,
    serve: atHome((visit) => withCookie(visit, newSession(visit))),
  },
  {
    template: "/status/session/end",
    paths: ["/status/session/end"],
    methods: ["POST"],
    scope: "operator.read",
    takesSession: true,
    isOn,
    serve: atHome((visit) => withCookie(visit, noSession(visit))),
  },
];

function atHome(serve: Endpoint["serve"]): Endpoint["serve"] {
  return (visit) => {
    const fault = pageHostFault(visit);
    return fault === null ? serve(visit) : refuse(visit, fault);
  };
}

function withCookie(visit: Visit, cookie: string | null): Response {
  const headers = ["cache-control", "no-store", ...(cookie === null ? [] : ["set-cookie", cookie])];
  return send(visit, { status: 204, headers, body: "" });
}
