// A mock provider that is never the limit: raw sockets, every answer built before it is needed twice; a request chooses one by its model name.
// Runs as a process of its own: `node bench/upstream/main.ts`; prints its address, ends on SIGTERM. Also a sink for telemetry.
import { type AddressInfo, createServer, type Socket } from "node:net";
import { askOf, modelOf, variantOf } from "./ask.ts";
import { chatAnswer, chatEvents } from "./chat-answers.ts";
import { claudeEvents } from "./claude-answers.ts";
import { Connection } from "./connection.ts";
import { chunkOf, LAST_CHUNK, STREAM_HEAD, wholeAnswer } from "./frames.ts";
import { Playing } from "./playing.ts";

const ACCEPTED = wholeAnswer("{}");
const NO_MODEL = wholeAnswer(
  `{"error":{"message":"no such model","type":"invalid_request_error","param":null,"code":null}}`,
  "404 Not Found",
);

/** Made when first asked for, kept for ever: there are few different ones in a run. */
class Kept<T> {
  readonly #made = new Map<string, T>();

  get(key: string, make: () => T): T {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#made.set(key, value);
    return value;
  }
}

const wholes = new Kept<Buffer>();
const chunks = new Kept<readonly Buffer[]>();
const streams = new Kept<Buffer>();

function answer(path: string, body: Buffer, socket: Socket): void {
  if (/\/v1\/(?:traces|metrics|logs)$/.test(path)) {
    socket.write(ACCEPTED);
    return;
  }
  const ask = askOf(modelOf(body));
  const variant = variantOf(body);
  if (ask === null) socket.write(NO_MODEL);
  else if (ask.kind === "whole") socket.write(wholes.get(`${variant}`, () => wholeAnswer(chatAnswer(variant))));
  else
    play(socket, { ...ask, variant, claude: path.endsWith("/messages"), usage: body.includes('"include_usage":true') });
}

interface Play {
  readonly events: number;
  readonly paceMs: number;
  readonly variant: number;
  readonly claude: boolean;
  readonly usage: boolean;
}

function play(socket: Socket, { events, paceMs, variant, claude, usage }: Play): void {
  const key = `${events} ${variant} ${claude} ${usage}`;
  const made = chunks.get(key, () =>
    (claude ? claudeEvents(events, variant) : chatEvents(events, variant, usage)).map(chunkOf),
  );
  if (paceMs > 0) void new Playing(socket, made, paceMs);
  else socket.write(streams.get(key, () => Buffer.concat([STREAM_HEAD, ...made, LAST_CHUNK])));
}

const server = createServer((socket) => void new Connection(socket, answer));
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`upstream http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
