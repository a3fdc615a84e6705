// Opens the door on every address of the configuration, on one port.
import type { Server } from "node:http";
import type { Snapshot } from "../core/snapshot.ts";
import type { Door } from "./door.ts";
import { Listening } from "./listening.ts";
import { authorityOf, bind, createDoorServer, isListenFault, type ListenFault } from "./servers.ts";

/** What a host without IPv6 says about `::1`; the other addresses do then. */
const NO_SUCH_ADDRESS = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Listens; a fault leaves nothing open. With port 0 the first address chooses and the others follow. */
export async function listen(door: Door, snapshot: Snapshot): Promise<Listening | ListenFault> {
  const { gateway } = snapshot;
  const scheme = gateway.tls === null ? "http" : "https";
  const servers: Server[] = [];
  const addresses: string[] = [];
  let { port } = gateway;
  for (const host of gateway.hosts) {
    const opened = await open(door, snapshot, { host, port });
    if (isListenFault(opened)) {
      if (servers.length > 0 && NO_SUCH_ADDRESS.has(opened.code)) continue;
      for (const server of servers) server.close();
      return opened;
    }
    port = opened.port;
    servers.push(opened.server);
    addresses.push(`${scheme}://${authorityOf({ host, port })}`);
  }
  return new Listening({ lobby: door.lobby, servers, port, addresses, drain: gateway.drain });
}

interface Opened {
  readonly server: Server;
  readonly port: number;
}

async function open(
  door: Door,
  snapshot: Snapshot,
  at: { readonly host: string; readonly port: number },
): Promise<Opened | ListenFault> {
  const server = createDoorServer(door, snapshot);
  if (isListenFault(server)) return server;
  const port = await bind(server, at);
  return isListenFault(port) ? port : { server, port };
}
