// 3.2: the provider answers, with a status or a body that is no answer.
import { gzipSync } from "node:zlib";
import type { FailureKind } from "../../../src/core/failure.ts";
import type { Behaviour } from "../../support/behaviours.ts";
import * as does from "../../support/behaviours.ts";
import { FIN, head, HOLD, write } from "../../support/script.ts";
import { unless } from "../client.ts";
import { checkLeaks } from "../evidence.ts";
import { KEY_CANARY, TELLS_ADDRESS } from "../names.ts";
import { ANSWER, BOTH, broken, error, type FlowRow, NEXT, type Row, type Shape, STREAM, WHOLE } from "../row.ts";

const said = (message: string, more: object = {}) => ({ error: { message, type: "invalid_request_error", ...more } });
const ECHO = said(`Incorrect API key provided: ${KEY_CANARY}-u30-whole. Find yours at https://provider.example`);
const UNSUPPORTED = said("Unsupported value: 'temperature' does not support 0.3 with this model.", {
  code: "unsupported_value",
  param: "temperature",
});
const JSON_TYPE = ["content-type", "application/json"] as const;

/** The provider's words for a waiting time, and what the client may be told of it, in seconds. */
const WAITS: readonly (readonly [
  id: string,
  form: string,
  header: readonly [string, string],
  from: number,
  to: number,
])[] = [
  ["U28", "an absurd number", ["retry-after", "999999999"], 1, 3_600],
  ["U28b", "two hours", ["retry-after", "7200"], 3_600, 3_600],
  ["U29-seconds", "seconds", ["retry-after", "7"], 7, 7],
  ["U29-date", "a date", ["retry-after", new Date(Date.now() + 1_800_000).toUTCString()], 600, 1_800],
  ["U29-past", "a date in the past", ["retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"], 1, 60],
  ["U29-negative", "a negative number", ["retry-after", "-5"], 1, 60],
  ["U29-garbage", "garbage", ["retry-after", "soon"], 1, 60],
  ["U29-hex", "hexadecimal", ["retry-after", "0x10"], 1, 60],
  ["U29-fraction", "half a second", ["retry-after", "0.5"], 1, 60],
  ["U29-huge", "more digits than a number has", ["retry-after", "9".repeat(400)], 1, 3_600],
  ["U29-ms", "milliseconds", ["retry-after-ms", "4200"], 4, 5],
  ["U29-reset", "the reset of a spent allowance", ["x-ratelimit-reset-requests", "1m30s"], 89, 90],
];

/** A provider whose complaint of a field tells, too, what is on its machine. */
function tellsItsAddress(
  id: string,
  row: { readonly says: string; readonly shape: Shape; readonly does: (message: string) => Behaviour },
): FlowRow {
  const actor = id.toLowerCase();
  return {
    id,
    says: row.says,
    wants: "the client is told of the field and of nothing else; the log keeps the words",
    onlyHere: "it looks at the product's own log",
    actors: [actor],
    play: async (bench) => {
      const { origin } = bench.failing;
      const place = `${TELLS_ADDRESS} ${origin}/${actor}/v1/chat/completions, on ${new URL(origin).host}, in /home/u/x.py.`;
      bench.on(actor, row.does(`'temperature' is too high. ${place}\n    at foo (/app/x.js:1:2)`));
      const outcome = await bench.ask(actor, row.shape);
      const line = await bench.lineOf(outcome);
      const told = ["'temperature' is too high.", "[address], on [address]", '"param":"temperature"'];
      const kept = [origin, "/home/u/x.py"];
      return [
        ...checkLeaks(outcome, bench),
        ...told.flatMap((words) => unless(outcome.text.includes(words), `the client is not told ${words}`)),
        ...["/home", "x.js", "at foo"].flatMap((words) => unless(!outcome.text.includes(words), `${words} is told`)),
        ...kept.flatMap((words) => unless(bench.written.includes(words), `the log lacks ${words}`)),
        ...unless(line["outcome"] === "failed", `logged as ${String(line["outcome"])}`),
      ];
    },
  };
}

/** What a status means when nothing else is said (decision 15), and what it ends the request as. */
interface Meant {
  readonly kind: FailureKind;
  readonly ends: readonly [status: number, code: string | null];
  /** Asking again cannot help. */
  readonly final?: true;
}

const BROKEN: Meant = { kind: "server-error", ends: [502, null] };
const BUSY: Meant = { kind: "overloaded", ends: [503, "overloaded"] };
const REFUSED: Meant = { kind: "auth", ends: [502, "upstream_auth"], final: true };
const MISSING: Meant = { kind: "model-missing", ends: [502, "upstream_model_not_found"], final: true };
const ODD: Meant = { kind: "unexpected-status", ends: [502, "upstream_invalid_response"], final: true };
const SERVER: readonly (readonly [number, Meant])[] = [
  [500, BROKEN],
  [502, BROKEN],
  [503, BUSY],
  [504, BROKEN],
  [520, BROKEN],
  [529, BUSY],
];
const CLIENT: readonly (readonly [number, Meant])[] = [
  [401, REFUSED],
  [402, { kind: "billing", ends: [502, "upstream_billing"], final: true }],
  [403, REFUSED],
  [404, MISSING],
  [408, ODD],
  [409, ODD],
  [410, MISSING],
  [425, ODD],
  [451, ODD],
];

/** A status with another candidate behind it, and without one. */
function statusRows(id: string, [status, { kind, ends, final }]: readonly [number, Meant]): Row[] {
  const row = { shapes: BOTH, provider: does.status(status), kind, lacks: ["scripted status"] };
  return [
    { ...row, id: `${id}-${status}`, says: `it answers ${status}`, expect: NEXT, withinMs: 1_000 },
    {
      ...row,
      id: `${id}-${status}b`,
      says: `it answers ${status}, and there is no other candidate`,
      alone: true,
      expect: error(...ends),
      headers: {
        "x-should-retry": final === true ? "false" : null,
        ...(ends[0] === 503 && { "retry-after": [1, 60] }),
      },
    },
  ];
}

/** 60 codings on top of each other. */
function stacked(): Behaviour {
  const coding = Array.from({ length: 60 }, () => "gzip").join(", ");
  const body = gzipSync("{}");
  return () => [
    head(200, [JSON_TYPE, ["content-encoding", coding]], { framing: { length: body.length } }),
    write(body),
  ];
}

/** HTTP/1.0: the end of the connection ends a stream, too. */
function oldStream(): Behaviour {
  const opening = head(200, [["content-type", "text/event-stream"]], { framing: "close", version: "1.0" });
  return (request) => [opening, ...does.streamEvents(request).map(write), FIN];
}

/** The same, and then the provider keeps the connection: it is ours to close. */
function thenHold(behaviour: Behaviour): Behaviour {
  return (request) => [...behaviour(request), HOLD];
}

/** The rows. */
export const STATUS: readonly Row[] = [
  ...SERVER.flatMap((each) => statusRows("U25", each)),
  ...CLIENT.flatMap((each) => statusRows("U32", each)),
  {
    id: "U26",
    says: "it answers 429",
    shapes: BOTH,
    provider: does.status(429),
    kind: "rate-limited",
    expect: NEXT,
    withinMs: 1_000,
  },
  {
    id: "U26c",
    says: "it answers 429 and never ends its words",
    shapes: BOTH,
    provider: () => [head(429, [JSON_TYPE, ["retry-after", "7"]]), write(Buffer.from('{"error":{"mess')), HOLD],
    entry: { timeoutSeconds: 30 },
    kind: "rate-limited",
    expect: NEXT,
    letsGo: true,
    withinMs: 1_200,
  },
  {
    id: "U26d",
    says: "it answers 429 and ends within its words, and there is no other candidate",
    shapes: BOTH,
    provider: () => [head(429, [JSON_TYPE, ["retry-after", "7"]]), write(Buffer.from('{"error":{"mess')), FIN],
    alone: true,
    kind: "rate-limited",
    expect: error(429, "rate_limit_exceeded"),
    headers: { "retry-after": [7, 7] },
  },
  {
    id: "U30b",
    says: "it answers 401 in a coding that nobody knows",
    shapes: BOTH,
    provider: () => [head(401, [JSON_TYPE, ["content-encoding", "snappy"]]), write(Buffer.from("?"))],
    wire: true,
    kind: "auth",
    expect: NEXT,
  },
  {
    id: "U27",
    says: "it answers 429 with the headers of its limits, and there is no other candidate",
    shapes: BOTH,
    provider: does.status(429, said("slow down", { code: "rate_limit_exceeded" }), [
      ["retry-after", "12"],
      ["x-ratelimit-remaining-requests", "0"],
    ]),
    alone: true,
    kind: "rate-limited",
    expect: error(429, "rate_limit_exceeded"),
    headers: { "retry-after": "12", "x-ratelimit-remaining-requests": null },
  },
  ...WAITS.map(([id, form, header, from, to]): Row => ({
    id,
    says: `it asks to wait in the form of ${form}, and there is no other candidate`,
    shapes: WHOLE,
    provider: does.status(429, said("slow down"), [header]),
    alone: true,
    kind: "rate-limited",
    expect: error(429, "rate_limit_exceeded"),
    headers: { "retry-after": [from, to] },
    withinMs: 1_000,
  })),
  {
    id: "U30",
    says: "it answers 401 and echoes the key",
    shapes: WHOLE,
    provider: does.status(401, ECHO),
    alone: true,
    kind: "auth",
    expect: error(502, "upstream_auth"),
  },
  {
    id: "U31",
    says: "it answers 400 and echoes the key",
    shapes: WHOLE,
    provider: does.status(400, said(`Could not read 'metadata': it holds ${KEY_CANARY}-u31-whole.`)),
    alone: true,
    kind: "rejected",
    expect: error(400, null),
  },
  tellsItsAddress("U31b", {
    says: "it answers 400 and tells its address, a folder and a stack",
    shape: "whole",
    does: (message) => does.status(400, said(message, { param: "temperature" })),
  }),
  tellsItsAddress("U31c", {
    says: "it answers a streamed request with 400 and tells its address, a folder and a stack",
    shape: "stream",
    does: (message) => does.status(400, said(message, { param: "temperature" })),
  }),
  tellsItsAddress("U31d", {
    says: "an error inside its stream tells its address, a folder and a stack",
    shape: "stream",
    does: (message) => does.errorAfter(2, said(message, { param: "temperature", code: "context_length_exceeded" })),
  }),
  {
    id: "U33",
    says: "the context is too long for it",
    shapes: BOTH,
    provider: does.status(
      400,
      said("This model's maximum context length is 8192 tokens.", {
        code: "context_length_exceeded",
        param: "messages",
      }),
    ),
    kind: "context-overflow",
    expect: error(400, "context_length_exceeded"),
  },
  {
    id: "U34",
    says: "its content filter refuses",
    shapes: BOTH,
    provider: does.status(
      400,
      said("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", {
        code: "content_filter",
      }),
    ),
    kind: "content-refused",
    expect: error(400, "content_filter"),
  },
  {
    id: "U35-400",
    says: "it rejects the request",
    shapes: BOTH,
    provider: does.status(
      400,
      said("Invalid value for 'temperature'.", { code: "invalid_value", param: "temperature" }),
    ),
    kind: "rejected",
    expect: error(400, "invalid_value"),
  },
  {
    id: "U35-long",
    says: "it rejects the request in 15 KB of words",
    shapes: BOTH,
    provider: does.status(400, said("Invalid value. ".repeat(1_000), { code: "invalid_value" })),
    kind: "rejected",
    expect: error(400, "invalid_value"),
  },
  {
    id: "U35-endless",
    says: "it rejects the request in 10 MB of words, which nobody reads to their end",
    shapes: BOTH,
    provider: does.status(400, said("Invalid value. ".repeat(700_000), { code: "invalid_value" })),
    kind: "rejected",
    expect: error(400, null),
  },
  {
    id: "U35-422",
    says: "it rejects the request with 422",
    shapes: BOTH,
    provider: does.status(422, said("Input should be a number", { code: "invalid_value" })),
    kind: "rejected",
    expect: error(422, "invalid_value"),
  },
  {
    id: "U35-shape",
    says: "it refuses a field, and the request without it as well",
    shapes: BOTH,
    provider: does.status(400, UNSUPPORTED),
    body: { temperature: 0.3 },
    attempts: 2,
    kind: "rejected-by-provider",
    expect: NEXT,
  },
  {
    id: "U35-shape-alone",
    says: "it refuses a field, the request without it as well, and there is no other candidate",
    shapes: BOTH,
    provider: does.status(400, UNSUPPORTED),
    body: { temperature: 0.3 },
    alone: true,
    attempts: 2,
    kind: "rejected-by-provider",
    expect: error(400, "unsupported_value"),
  },
  {
    id: "U35-shape-unsent",
    says: "it refuses a field that nobody sent",
    shapes: BOTH,
    provider: does.status(400, UNSUPPORTED),
    kind: "rejected-by-provider",
    expect: NEXT,
  },
  {
    id: "U35-413",
    says: "the request is too large for it",
    shapes: BOTH,
    provider: does.status(413),
    kind: "too-large",
    expect: error(413, "upstream_body_too_large"),
  },
  {
    id: "U36",
    says: "it answers 200 with a page",
    shapes: BOTH,
    provider: does.html(),
    kind: "bad-payload",
    expect: NEXT,
  },
  {
    id: "U36b",
    says: "it answers 200 with a page, and there is no other candidate",
    shapes: BOTH,
    provider: does.html(),
    alone: true,
    kind: "bad-payload",
    expect: error(502, "upstream_invalid_response"),
    lacks: ["<"],
  },
  {
    id: "U37",
    says: "it answers 502 with a page",
    shapes: BOTH,
    provider: does.html(502),
    kind: "server-error",
    expect: NEXT,
  },
  {
    id: "U37b",
    says: "it answers 502 with a page, and there is no other candidate",
    shapes: BOTH,
    provider: does.html(502),
    alone: true,
    kind: "server-error",
    expect: error(502, null),
    lacks: ["<"],
  },
  {
    id: "U38",
    says: "it answers a streamed request with an error as JSON and 200",
    shapes: STREAM,
    provider: does.errorIn200(),
    expect: NEXT,
  },
  {
    id: "U39",
    says: "its first event is an error",
    shapes: STREAM,
    provider: thenHold(does.errorFirst()),
    expect: NEXT,
    letsGo: true,
  },
  {
    id: "U39b",
    says: "its first event is an error, and there is no other candidate",
    shapes: STREAM,
    provider: does.errorFirst(),
    alone: true,
    expect: error(502, null),
    lacks: ["crashed"],
  },
  {
    id: "U40",
    says: "it sends an error in mid-stream",
    shapes: STREAM,
    provider: thenHold(does.errorAfter(3)),
    expect: broken(null),
    letsGo: true,
  },
  { id: "U41", says: "it answers 200 with an error object", shapes: WHOLE, provider: does.errorIn200(), expect: NEXT },
  {
    id: "U41b",
    says: "it answers 200 with an error object, and there is no other candidate",
    shapes: WHOLE,
    provider: does.errorIn200(),
    alone: true,
    expect: error(502, null),
  },
  ...(["gzip", "br", "deflate", "zstd"] as const).map((coding): Row => ({
    id: `U42-${coding}`,
    says: `it encodes with ${coding} though nobody asked`,
    shapes: BOTH,
    provider: does.encoded(coding),
    expect: ANSWER,
    headers: { "content-encoding": null },
    wire: true,
  })),
  {
    id: "U43",
    says: "it stacks 60 encodings",
    shapes: WHOLE,
    provider: stacked(),
    alone: true,
    kind: "bad-payload",
    lacks: ["gzip"],
    expect: error(502, "upstream_invalid_response"),
    withinMs: 1_000,
  },
  { id: "U71", says: "it speaks HTTP/1.0 and closes", shapes: WHOLE, provider: does.oldHttp(), expect: ANSWER },
  { id: "U71b", says: "it streams by HTTP/1.0 and closes", shapes: STREAM, provider: oldStream(), expect: ANSWER },
  {
    id: "U72",
    says: "its headers are 256 KiB",
    shapes: BOTH,
    provider: does.hugeHead(256 * 1024),
    alone: true,
    kind: "bad-payload",
    expect: error(502, "upstream_invalid_response"),
  },
  {
    id: "U73",
    says: "its answer is 8 MiB of JSON",
    shapes: WHOLE,
    provider: does.answer({ texts: ["x".repeat(8 * 1024 * 1024)] }),
    expect: { see: "answer", text: "x".repeat(8 * 1024 * 1024) },
    entry: { timeoutSeconds: 30 },
  },
];
