// A collector that reads what it is sent, or misbehaves: OTLP over HTTP, protobuf.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { EXPORT_REQUESTS } from "./otlp-messages.ts";
import { type Read, readMessage } from "./protobuf.ts";
import { Bell, type Found } from "./wait.ts";

/** What a collector does with an export; who echoes refuses it with the headers that it came with. */
export type Manners = "take" | "hang" | "refuse" | "echo";

/** Attributes as a plain object. */
export type Plain = Readonly<Record<string, unknown>>;

/** A span, a metric or a log record with its attributes laid out. */
export type Item = Read & { readonly attributes: Plain };

/** One export that came in. */
export interface Exported {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A running collector. */
export class Collector implements AsyncDisposable {
  readonly #server: Server;
  readonly #bell = new Bell();
  readonly exports: Exported[] = [];
  manners: Manners = "take";

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on("request", async (incoming, outgoing) => {
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part as Buffer);
      collector.#take({ path: incoming.url ?? "", headers: incoming.headers, body: Buffer.concat(parts) }, outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that was exported of one signal, in order. */
  items(path: "/v1/traces" | "/v1/metrics" | "/v1/logs"): Item[] {
    return this.scopes(path).flatMap(({ items }) => items);
  }

  /** Resource, scope and items of each export. */
  scopes(path: string): { readonly resource: Plain; readonly scope: Read; readonly items: Item[] }[] {
    const message = EXPORT_REQUESTS[path] ?? {};
    const requests = this.exports.filter((each) => each.path === path).map(({ body }) => readMessage(body, message));
    return requests.flatMap((request) =>
      list(request, "resources").flatMap((of) =>
        list(of, "scopes").map((scope) => ({
          resource: plain(list(list(of, "resource")[0] ?? {}, "attributes")),
          scope: list(scope, "scope")[0] ?? {},
          items: list(scope, "items").map(withAttributes),
        })),
      ),
    );
  }

  /** Resolves when something is there that the look finds. */
  async until<T>(look: () => T, what: string): Promise<Found<T>> {
    return this.#bell.until(look, what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(exported: Exported, outgoing: ServerResponse): void {
    this.exports.push(exported);
    this.#bell.ring();
    if (this.manners === "hang") return;
    outgoing.writeHead(this.manners === "take" ? 200 : 400, { "content-type": "application/x-protobuf" });
    outgoing.end(this.manners === "echo" ? JSON.stringify(exported.headers) : "");
  }
}

function list(of: Read, name: string): Read[] {
  return (of[name] ?? []) as Read[];
}

function withAttributes(item: Read): Item {
  return { ...item, attributes: plain(list(item, "attributes")) };
}

/** Attributes of an item or of a data point. */
export function plain(pairs: readonly Read[]): Plain {
  return Object.fromEntries(pairs.map((pair) => [String(pair["key"]), valueOf(list(pair, "value")[0] ?? {})]));
}

function valueOf(value: Read): unknown {
  const array = value["array"] as Read[] | undefined;
  if (array !== undefined) return list(array[0] ?? {}, "values").map(valueOf);
  return value["string"] ?? value["bool"] ?? value["int"] ?? value["double"];
}
