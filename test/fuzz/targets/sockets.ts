// Raw HTTP over sockets against the real process in front of a recording provider: every answer is HTTP, every connection ends, nothing is
// smuggled, and nothing of the client's head reaches the provider.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { status } from "../../support/behaviours.ts";
import { readBody, readHead } from "../../support/http-bytes.ts";
import { chainConfig } from "../../support/edge-config.ts";
import { type Edge, startEdge } from "../../support/edge.ts";
import { type Provider, startProvider } from "../../support/provider.ts";
import type { ProviderRequest } from "../../support/provider-request.ts";
import { RawClient } from "../../support/raw.ts";
import { SEEDS } from "../http-seeds.ts";
import { type ByteEdit, byteEdits, mangled } from "../mutations.ts";
import { strictRequests } from "../strict-requests.ts";
import { type FuzzTarget, target } from "../target.ts";

const PIECES = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  "\t",
  ":",
  ";",
  ",",
  "0\r\n\r\n",
  "content-length: 5\r\n",
  "Content-Length: +5\r\n",
  "transfer-encoding: chunked\r\n",
  "Transfer-Encoding: xchunked\r\n",
  "Transfer-Encoding : chunked\r\n",
  " folded\r\n",
  "host: b\r\n",
  "__proto__: x\r\n",
  "HTTP/1.1",
  "HTTP/0.9",
  "GET http://x/ HTTP/1.1\r\n",
  "authorization: Bearer x\r\n",
  "ffffffff\r\n",
  "\u00ff",
] as const;

/** The process and its provider, started once. */
let stage: Promise<{ readonly edge: Edge; readonly provider: Provider }> | null = null;

async function open(): Promise<{ readonly edge: Edge; readonly provider: Provider }> {
  const provider = await startProvider();
  const message = { role: "assistant", content: "ok" };
  // One answer for all: what is asked for need not be JSON all through.
  provider.answerAll(
    status(200, { id: "c", object: "chat.completion", choices: [{ index: 0, message, finish_reason: "stop" }] }),
  );
  const edge = await startEdge({ config: chainConfig({ up: provider.url }, { logging: { level: "error" } }) });
  return { edge, provider };
}

/** Ends the process and the provider; the exit code tells whether it lived to the end. */
export async function closeStage(): Promise<void> {
  if (stage === null) return;
  const { edge, provider } = await stage;
  stage = null;
  const code = await edge.stop();
  await provider.close();
  assert.equal(code, 0, "the process ends well");
}

/** By case, what was sent; its calls may reach the provider when the client has long gone. */
const sent = new Map<string, string>();
const called = new Map<string, number>();
let cases = 0;
let judged = 0;

interface Sent {
  readonly seed: number;
  readonly edits: readonly ByteEdit[];
}

/** The statuses of the responses that these bytes are; throws when they are anything else. */
function statusesOf(bytes: Buffer): number[] {
  const found: number[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const head = readHead(rest);
    assert.ok(head !== null, `no head: ${rest.subarray(0, 60).toString("latin1")}`);
    const code = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head.lines[0] ?? "")?.[1]);
    assert.ok(code >= 100 && code < 600, head.lines[0]);
    const hasBody = code >= 200 && code !== 204 && code !== 304;
    const body = hasBody ? readBody(head, rest.subarray(head.size), "until-close") : { size: 0, complete: true };
    assert.ok(body.complete, "a complete response");
    found.push(code);
    rest = rest.subarray(head.size + body.size);
  }
  return found;
}

async function answers({ seed, edits }: Sent): Promise<void> {
  stage ??= open();
  const { edge, provider } = await stage;
  const name = `case ${String((cases += 1)).padStart(8, "0")}`;
  const text = mangled((SEEDS[seed % SEEDS.length] as string).replaceAll("case 00000000", name), edits);
  sent.set(name, text);
  using client = await RawClient.connect(edge.url);
  await client.send(Buffer.from(text, "latin1"));
  client.finish();
  await client.ended();
  const statuses = statusesOf(client.received);
  const good = statuses.filter((each) => each >= 200 && each < 300).length;
  assert.ok(good <= strictRequests(text), `${good} answers for ${strictRequests(text)} requests`);
  assert.ok(!statuses.includes(101) && statuses.every((each) => each < 500), statuses.join());
  while (judged < provider.requests.length) judgeCall(provider.requests[judged++] as ProviderRequest);
}

function judgeCall({ headers, body }: ProviderRequest): void {
  const name = /case \d{8}/.exec(body.toString("latin1"))?.[0] ?? "";
  called.set(name, (called.get(name) ?? 0) + 1);
  const text = sent.get(name);
  const most = text === undefined ? Infinity : strictRequests(text);
  assert.ok((called.get(name) ?? 0) <= most, `a call for ${most} requests: ${JSON.stringify(text)}`);
  const strange = Object.keys(headers).filter((each) => !SENT.has(each));
  assert.deepEqual(strange, [], "headers of the client's at the provider");
  assert.equal(headers["authorization"], "Bearer sk-upstream-up-secret");
}

/** What a provider may get to see. */
const SENT = new Set([
  "host",
  "connection",
  "content-type",
  "content-length",
  "accept",
  "accept-encoding",
  "user-agent",
  "authorization",
  "traceparent",
]);

/** Laws of sockets. */
export const SOCKETS: readonly FuzzTarget[] = [
  target<Sent>({
    name: "http",
    says: "Whatever bytes a client sends, the answers are HTTP, the connection ends, and no request is run that a strict reader does not see.",
    cost: 10,
    input: fc.record({ seed: fc.nat(SEEDS.length - 1), edits: byteEdits(PIECES, 3) }),
    check: answers,
  }),
];
