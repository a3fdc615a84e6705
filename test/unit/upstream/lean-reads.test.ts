// What plain connections read: every byte, in memory of its own size, and no more ahead than one read.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { leanConnector } from "../../../src/upstream/lean-reads.ts";

const READ_BYTES = 16 * 1024;
const servers: Server[] = [];

async function serve(speak: (socket: Socket) => void): Promise<number> {
  const server = createServer(speak);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function dial(port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const to = { hostname: "127.0.0.1", host: "127.0.0.1", protocol: "http:", port: String(port) };
  leanConnector({ timeout: 5_000 })(to, (error, socket) =>
    error === null ? resolve(socket as Socket) : reject(error),
  );
  return promise;
}

/** Bytes of which no two neighbouring blocks are alike. */
function pattern(length: number): Buffer {
  return Buffer.from(Uint32Array.from({ length: length / 4 }, (_, at) => Math.imul(at, 2_654_435_761)).buffer);
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe("a plain connection", () => {
  it.each([
    ["one byte", 4],
    ["an event", 320],
    ["one read", READ_BYTES],
    ["a flood", 3_000_000],
  ])("reads %s as it was sent", async (_what, length) => {
    const sent = pattern(length);
    const socket = await dial(await serve((from) => from.end(sent)));
    const read: Buffer[] = [];
    for await (const chunk of socket) read.push(chunk as Buffer);
    expect(Buffer.concat(read).equals(sent)).toBe(true);
  });

  it("reads two connections at once without mixing them", async () => {
    const sent = [pattern(1_000_000), pattern(1_000_000).reverse()];
    const ports = await Promise.all(sent.map((bytes) => serve((from) => from.end(bytes))));
    const sockets = await Promise.all(ports.map(dial));
    const read = await Promise.all(sockets.map(async (socket) => Buffer.concat(await socket.toArray())));
    expect(read.map((bytes, at) => bytes.equals(sent[at] as Buffer))).toEqual([true, true]);
  });

  it("keeps no more of a flood than was read, and reads no further than one read ahead", async () => {
    const socket = await dial(
      await serve((from) => {
        from.on("error", () => undefined);
        from.write(pattern(20_000_000));
      }),
    );
    await once(socket, "readable");
    expect(socket.readableLength).toBeLessThan(2 * READ_BYTES);
    const chunk = socket.read() as Buffer;
    expect(chunk.buffer.byteLength).toBeLessThan(2 * READ_BYTES);
    socket.destroy();
  });

  it("says so when there is none", async () => {
    const port = await serve(() => undefined);
    await new Promise((closed) => servers.pop()?.close(closed));
    await expect(dial(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
