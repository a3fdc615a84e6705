// Opens a door on every address of its place, on one port.
import type { Server } from "node:http";
import type { Snapshot } from "../core/snapshot.ts";
import type { Door } from "./door.ts";
import { Listening } from "./listening.ts";
import {
  authorityOf,
  bind,
  createDoorServer,
  isListenFault,
  type ListenAt,
  type ListenFault,
  type Place,
} from "./servers.ts";

/** What a host without IPv6 says about `::1`; the other addresses do then. */
const NO_SUCH_ADDRESS = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Listens; a fault leaves nothing open. With port 0 the first address chooses and the others follow. */
export async function listen(
  door: Door,
  snapshot: Snapshot,
  place: Place = snapshot.gateway,
): Promise<Listening | ListenFault> {
  const scheme = place.tls === null ? "http" : "https";
  const servers: Server[] = [];
  const addresses: string[] = [];
  let { port } = place;
  for (const host of place.hosts) {
    const opened = await open(createDoorServer(door, snapshot, place.tls), { host, port });
    if (isListenFault(opened)) {
      if (servers.length > 0 && NO_SUCH_ADDRESS.has(opened.code)) continue;
      for (const server of servers) server.close();
      return opened;
    }
    port = opened.port;
    servers.push(opened.server);
    addresses.push(`${scheme}://${authorityOf({ host, port })}`);
  }
  return new Listening({ lobby: door.lobby, servers, port, addresses });
}

interface Opened {
  readonly server: Server;
  readonly port: number;
}

async function open(server: Server | ListenFault, at: ListenAt): Promise<Opened | ListenFault> {
  if (isListenFault(server)) return server;
  const port = await bind(server, at);
  return isListenFault(port) ? port : { server, port };
}
