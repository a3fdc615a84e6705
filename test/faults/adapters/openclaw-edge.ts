// The product as a gateway for rows: started from source, with the configuration as it is.
import { type Edge, startEdge } from "../../support/edge.ts";
import type { Adapter, Gateway } from "../gateway.ts";
import { PATHS } from "../request.ts";

/** A running edge as a gateway for rows. */
export function gatewayOf(edge: Edge): Gateway {
  return {
    url: edge.url,
    pid: edge.child.pid,
    token: edge.token,
    edge,
    // The line for people who try it out shows the token on purpose.
    get lines() {
      return edge.child.lines.filter((line) => !line.startsWith("try "));
    },
    address: (agent, api) => ({ path: PATHS[api], headers: edge.headers(), model: `openclaw/${agent}` }),
    stop: () => edge.stop("SIGTERM"),
  };
}

/** Takes every row. */
export const OPENCLAW_EDGE: Adapter = {
  title: "openclaw-edge",
  own: true,
  inexpressible: () => null,
  start: async (config) => gatewayOf(await startEdge({ config })),
};
