// 3.1: the provider fails as a connection.
import * as does from "../../support/behaviours.ts";
import { CERTIFICATE } from "../../support/certificate.ts";
import { REFUSING_URL } from "../../support/provider.ts";
import { FIN, head, write } from "../../support/script.ts";
import { statuses, unless } from "../client.ts";
import { ANSWER, BOTH, broken, error, NEXT, type Row, STREAM, WHOLE } from "../row.ts";

/** Timeouts of one second keep the matrix quick. */
const QUICK = { timeoutSeconds: 1 };
const NOWHERE = { provider: null, url: () => REFUSING_URL, kind: "connect-failed", logs: "ECONNREFUSED" } as const;
const INVALID = { kind: "bad-payload", expect: error(502, "upstream_invalid_response") } as const;

const NONE = Buffer.alloc(0);
const SSE = head(200, [["content-type", "text/event-stream"]]);
const NOTHINGS = {
  "204": "it answers 204",
  empty: "it answers 200 without a byte",
  "no-events": "it sends the head of a stream and no event",
} as const;

/** Ends after content, in the middle of the next event. */
function cutInsideEvent(): does.Behaviour {
  return (request) => {
    const [role = NONE, text = NONE, next = NONE] = does.streamEvents(request);
    return [SSE, write(role), write(text), write(next.subarray(0, 20)), FIN];
  };
}

/** Both forms of a row: somebody stands behind the failing provider, and nobody does. */
function withAndAlone(
  row: Omit<Extract<Row, { readonly provider: unknown }>, "expect">,
  alone: { readonly status: number; readonly code: string },
): Row[] {
  return [
    { ...row, expect: NEXT },
    {
      ...row,
      id: `${row.id}b`,
      says: `${row.says}, and there is no other candidate`,
      alone: true,
      expect: error(alone.status, alone.code),
    },
  ];
}

/** The rows. */
export const CONNECTION: readonly Row[] = [
  {
    id: "U01",
    says: "connections are refused, and there is no other candidate",
    shapes: BOTH,
    ...NOWHERE,
    alone: true,
    expect: error(502, "upstream_unreachable"),
    lacks: ["ECONNREFUSED", "127.0.0.1", "refused"],
    withinMs: 3_000,
  },
  { id: "U02", says: "connections are refused", shapes: BOTH, ...NOWHERE, expect: NEXT },
  ...withAndAlone(
    {
      id: "U03",
      says: "its name does not resolve",
      shapes: BOTH,
      provider: null,
      url: () => "https://nowhere.invalid/v1",
      kind: "connect-failed",
      lacks: ["nowhere.invalid"],
    },
    { status: 502, code: "upstream_dns" },
  ),
  ...withAndAlone(
    {
      id: "U04",
      says: "it speaks no TLS where TLS is configured",
      shapes: BOTH,
      provider: null,
      url: ({ places }) => places.plainUrl,
      kind: "connect-failed",
    },
    { status: 502, code: "upstream_tls" },
  ),
  ...withAndAlone(
    {
      id: "U05",
      says: "nobody vouches for its certificate",
      shapes: BOTH,
      provider: null,
      url: ({ places }) => places.untrustedUrl,
      kind: "connect-failed",
    },
    { status: 502, code: "upstream_tls" },
  ),
  ...withAndAlone(
    {
      id: "U05c",
      says: "its certificate is vouched for and names another host",
      shapes: BOTH,
      provider: null,
      url: ({ places }) => places.otherNameUrl,
      entry: { request: { tls: { ca: CERTIFICATE } } },
      kind: "connect-failed",
    },
    { status: 502, code: "upstream_tls" },
  ),
  ...withAndAlone(
    {
      id: "U06",
      says: "its queue is full: a dial is not answered",
      shapes: BOTH,
      provider: null,
      url: ({ places }) => places.holeUrl,
      entry: QUICK,
      withinMs: 1_500,
    },
    { status: 504, code: "upstream_timeout" },
  ),
  {
    id: "U07",
    says: "it never sends a head, and there is no other candidate",
    shapes: BOTH,
    provider: does.silent(),
    alone: true,
    entry: QUICK,
    expect: error(504, "upstream_timeout"),
    letsGo: true,
    withinMs: 2_000,
  },
  {
    id: "U08",
    says: "it never sends a head",
    shapes: BOTH,
    provider: does.silent(),
    entry: QUICK,
    expect: NEXT,
    letsGo: true,
    withinMs: 2_000,
  },
  {
    id: "U09",
    says: "it sends a head and then nothing",
    shapes: BOTH,
    provider: does.silentAfterHead(),
    entry: QUICK,
    expect: NEXT,
    letsGo: true,
    withinMs: 2_000,
  },
  {
    id: "U09b",
    says: "it sends its role chunk and then nothing",
    shapes: STREAM,
    provider: does.stallAfter(1),
    entry: QUICK,
    kind: "commit-timeout",
    expect: NEXT,
    letsGo: true,
    withinMs: 2_000,
  },
  {
    id: "U10",
    says: "it goes silent in the middle of a stream",
    shapes: STREAM,
    provider: does.stallAfter(3),
    entry: QUICK,
    kind: "idle-timeout",
    expect: broken("upstream_timeout"),
    letsGo: true,
  },
  {
    id: "U10b",
    says: "it sends comments and no event in the middle of a stream",
    shapes: STREAM,
    provider: does.stallAfter(3, { commentMs: 100 }),
    entry: QUICK,
    kind: "idle-timeout",
    expect: broken("upstream_timeout"),
    letsGo: true,
  },
  ...(["reset", "fin"] as const).flatMap((how, at) =>
    withAndAlone(
      {
        id: `U1${at + 1}`,
        says: how === "reset" ? "it resets before the head" : "it ends before the head",
        shapes: BOTH,
        provider: does.drop(how),
        kind: "stream-broken",
      },
      { status: 502, code: "upstream_reset" },
    ),
  ),
  ...(["reset", "fin"] as const).map((how, at): Row => ({
    id: `U1${at + 3}`,
    says: how === "reset" ? "it resets in mid-stream" : "it ends in mid-stream",
    shapes: STREAM,
    provider: does.cutAfterEvents(3, how),
    kind: "stream-broken",
    expect: broken("upstream_reset"),
  })),
  {
    id: "U14b",
    says: "it ends in the middle of an event",
    shapes: STREAM,
    provider: cutInsideEvent(),
    kind: "stream-broken",
    expect: broken("upstream_reset", "Grüße "),
  },
  {
    id: "U13b",
    says: "it resets behind the role chunk",
    shapes: STREAM,
    provider: does.cutAfterEvents(1, "reset"),
    kind: "stream-broken",
    expect: NEXT,
  },
  {
    id: "U15",
    says: "it resets behind [DONE], before the last chunk",
    shapes: STREAM,
    provider: does.cutAfterDone("reset"),
    expect: ANSWER,
  },
  {
    id: "U16",
    says: "it breaks its chunked coding",
    shapes: STREAM,
    provider: does.badChunkSize(3),
    kind: "bad-payload",
    expect: broken("upstream_invalid_response"),
    letsGo: true,
  },
  ...withAndAlone(
    {
      id: "U17",
      says: "its body is shorter than declared",
      shapes: WHOLE,
      provider: does.cutAfter(-20, "fin"),
      kind: "bad-payload",
    },
    { status: 502, code: "upstream_invalid_response" },
  ),
  {
    id: "U18",
    says: "its body is longer than declared, and there is no other candidate",
    shapes: WHOLE,
    provider: does.longBody(),
    alone: true,
    ...INVALID,
  },
  {
    id: "U19",
    says: "it resets inside its JSON",
    shapes: WHOLE,
    provider: does.cutAfter(60, "reset"),
    expect: NEXT,
  },
  ...([103, 102] as const).map((status, at): Row => ({
    id: at === 0 ? "U20" : "U20b",
    says: `it sends ${status} first`,
    shapes: BOTH,
    provider: does.interim(status),
    expect: ANSWER,
    headers: { link: null },
  })),
  ...(["204", "empty", "no-events"] as const).flatMap((what, at) =>
    withAndAlone(
      { id: `U2${at + 1}`, says: NOTHINGS[what], shapes: BOTH, provider: does.nothing(what) },
      { status: 502, code: "upstream_invalid_response" },
    ),
  ),
  ...([301, 302, 307, 308] as const).map((status): Row => ({
    id: `U24-${status}`,
    says: `it redirects with ${status}, and there is no other candidate`,
    shapes: BOTH,
    provider: does.redirect(status, "/decoy"),
    alone: true,
    kind: "redirected",
    expect: error(502, "upstream_redirect"),
    headers: { location: null, "x-should-retry": "false" },
    lacks: ["decoy"],
  })),
  {
    id: "U24c",
    says: "it redirects to another host, which is well",
    wants: "502 upstream_redirect; the other host is not asked",
    actors: ["u24c"],
    play: async (bench) => {
      const elsewhere = `${bench.healthy.origin}/decoy/v1/chat/completions`;
      bench.on("u24c", does.redirect(307, elsewhere));
      const outcomes = [await bench.ask("u24c", "whole"), await bench.ask("u24c", "stream")];
      const asked = bench.healthy.requests.filter(({ path }) => path.includes("/decoy/")).length;
      const told = outcomes.some(({ head, text }) => `${head}${text}`.includes("decoy"));
      return [
        ...unless(
          outcomes.every(({ status }) => (bench.adapter.own ? status === 502 : status >= 500)),
          `statuses ${JSON.stringify(statuses(outcomes))}`,
        ),
        ...unless(asked === 0, "the other host was asked"),
        ...unless(!told, "the client is told of the other host"),
      ];
    },
  },
  {
    id: "U24b",
    says: "it redirects",
    shapes: BOTH,
    provider: does.redirect(307, "/decoy"),
    kind: "redirected",
    expect: NEXT,
  },
];
