// Headers, addresses and waits: what goes out, where it may go, and how long a provider may make us wait.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { AUTH_SCHEMES, type AuthScheme } from "../../../src/config/auth-schemes.ts";
import { credentialsOf } from "../../../src/config/credentials.ts";
import { baseHeaders, headerProblem } from "../../../src/config/headers.ts";
import { judgeAddress } from "../../../src/config/address.ts";
import { isFailure } from "../../../src/core/failure.ts";
import type { HeaderBag } from "../../../src/core/upstream.ts";
import { ALLOWANCES, readAllowanceReset, readRetryAfter, WAIT_HEADERS } from "../../../src/dialects/retry-after.ts";
import { DIALECTS } from "../../../src/dialects/index.ts";
import { headersFor } from "../../../src/upstream/request-headers.ts";
import { hostKind, policyOf, refusalOf } from "../../../src/upstream/guard.ts";
import { aTarget } from "../../support/snapshot.ts";
import { latin1 } from "../mutations.ts";
import { type FuzzTarget, target } from "../target.ts";

const HEADER_NAMES = [
  "authorization",
  "Authorization",
  "x-api-key",
  "X-Team",
  "cookie",
  "host",
  "te",
  "__proto__",
  "traceparent",
  "anthropic-beta",
  "a b",
  "x:",
];
const layer = fc.dictionary(
  fc.oneof(fc.constantFrom(...HEADER_NAMES), fc.string({ maxLength: 6 })),
  fc.oneof(latin1(8), fc.string({ maxLength: 8 })),
  { maxKeys: 4 },
);

interface Layers {
  readonly key: string;
  readonly scheme: AuthScheme;
  readonly alsoBearer: boolean;
  readonly layers: readonly Readonly<Record<string, string>>[];
  readonly added: readonly string[];
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const CREDENTIALS = new Set(["authorization", "x-api-key", "x-goog-api-key", "api-key"]);
const NEVER = new Set([
  "connection",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
  "traceparent",
]);

/** Layers pass only as the loader lets them: what it refuses never reaches a credential. */
function headersGoOut({ key, scheme, alsoBearer, layers, added }: Layers): void {
  const passed = layers.map((each) =>
    Object.fromEntries(Object.entries(each).filter(([name, value]) => headerProblem(name, value) === null)),
  );
  const isSendable = headerProblem("authorization", key) === null;
  const keys = isSendable && key !== "" ? [{ value: key, from: "file" }] : [];
  const [credential] = credentialsOf({
    provider: "up",
    keys,
    scheme,
    alsoBearer,
    base: baseHeaders("1"),
    layers: passed,
    auth: null,
    keyless: true,
  });
  assert.ok(credential !== undefined);
  const request = { target: aTarget("up/m"), credential, trace: null, path: "/", body: Buffer.alloc(0), stream: false };
  const flat = headersFor({ ...request, added: { name: "anthropic-beta", values: added } });
  const names = flat.filter((_, at) => at % 2 === 0);
  assert.equal(new Set(names).size, names.length, "each header once");
  for (const name of names) assert.ok(TOKEN.test(name) && !NEVER.has(name), name);
  for (const value of flat.filter((_, at) => at % 2 === 1)) assert.ok(!/[\r\n\0]/.test(value), "no line of its own");
  const written = new Set(passed.flatMap((each) => Object.keys(each).map((name) => name.toLowerCase())));
  const own = names.filter((name) => CREDENTIALS.has(name) && !written.has(name));
  if (!alsoBearer) assert.ok(own.length <= 1, "one credential");
  if (keys.length === 0) assert.deepEqual(own, []);
}

/** TABLE: ranges that no public provider lives in, as [first octets, bits that vary]. */
const FORBIDDEN = fc.oneof(
  fc.constantFrom("169.254.169.254", "169.254.170.2", "100.100.100.200", "0.0.0.0", "255.255.255.255"),
  ...[
    "10.x.x.x",
    "127.x.x.x",
    "192.168.x.x",
    "169.254.x.x",
    "172.16.x.x",
    "100.64.x.x",
    "224.x.x.x",
    "0.x.x.x",
    "198.18.x.x",
  ].map((form) =>
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => {
      const rest = [...octets];
      return form.replace(/x/g, () => String(rest.pop() ?? 1));
    }),
  ),
);

type Spelling = (octets: readonly [number, number, number, number]) => string;
const number = ([a, b, c, d]: readonly number[]): number =>
  (((a ?? 0) * 256 + (b ?? 0)) * 256 + (c ?? 0)) * 256 + (d ?? 0);
const hex = (value: number): string => value.toString(16);
const groups: Spelling = ([a, b, c, d]) => `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
const FULL_WIDTH = (text: string): string =>
  [...text].map((sign) => (/\d/.test(sign) ? String.fromCodePoint(0xff10 + Number(sign)) : sign)).join("");

/** TABLE: how an IPv4 address may be written in a URL. */
const SPELLINGS: readonly Spelling[] = [
  (octets) => octets.join("."),
  (octets) => `${octets.join(".")}.`,
  (octets) => String(number(octets)),
  (octets) => `0x${hex(number(octets))}`,
  (octets) => `0X${hex(number(octets)).toUpperCase()}`,
  (octets) => `0${number(octets).toString(8)}`,
  (octets) => octets.map((each) => `0${each.toString(8)}`).join("."),
  (octets) => octets.map((each) => `0x${hex(each)}`).join("."),
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  ([a, b, c, d]) => `0x${hex(a)}.0${b.toString(8)}.${c}.${d}`,
  (octets) => FULL_WIDTH(octets.join(".")),
  (octets) => octets.join("\u3002"),
  (octets) => octets.join(".").replace(".", "%2e"),
  (octets) => `[::ffff:${octets.join(".")}]`,
  (octets) => `[::ffff:${groups(octets)}]`,
  (octets) => `[0:0:0:0:0:FFFF:${groups(octets)}]`,
  (octets) => `[::${octets.join(".")}]`,
  (octets) => `[64:ff9b::${groups(octets)}]`,
  (octets) => `[64:ff9b::${octets.join(".")}]`,
  (octets) => `[2002:${groups(octets)}::1]`,
];

interface Spelt {
  readonly address: string;
  readonly spelling: number;
}
const PUBLIC_ONLY = policyOf({ origin: "https://x.test", allow: { loopback: false, privateNetwork: false } });

function staysOut({ address, spelling }: Spelt): void {
  const octets = address.split(".").map(Number) as unknown as readonly [number, number, number, number];
  const text = (SPELLINGS[spelling % SPELLINGS.length] as Spelling)(octets);
  const judged = judgeAddress(`https://${text}/v1`, { allowPrivateNetwork: false, trustsAddress: false });
  assert.equal(typeof judged, "string", `${text} was let in at load`);
  if (!URL.canParse(`https://${text}/v1`)) return;
  const { hostname } = new URL(`https://${text}/v1`);
  assert.notEqual(refusalOf(hostname, PUBLIC_ONLY), null, `${hostname} may be dialled`);
  const wide = judgeAddress(`https://${text}/v1`, { allowPrivateNetwork: true, trustsAddress: true });
  const kind = hostKind(hostname);
  if (kind === "metadata" || kind === "reserved") assert.equal(typeof wide, "string", `${text} is never a provider`);
}

/** Any text as a host: judged without a throw, and what the loader lets in the guard knows as well. */
function judgesAnyHost({ host }: { readonly host: string }): void {
  hostKind(host);
  const judged = judgeAddress(`https://${host}/v1`, { allowPrivateNetwork: false, trustsAddress: false });
  if (typeof judged === "string") return;
  assert.equal(refusalOf(judged.url.hostname, PUBLIC_ONLY), null, "what is let in at load is not refused at connect");
}

const WAIT_MAX_MS = 3_600_000;
const wallNow = Date.UTC(2026, 10, 21);
const unit = fc.constantFrom("", "s", "ms", "m", "h", "d", "S", "seconds", " s");
const waitText = fc.oneof(
  fc
    .tuple(
      fc.oneof(fc.integer(), fc.double(), fc.bigInt(), fc.constantFrom("0x10", "1e9", "-0", "+5", "Infinity", "NaN")),
      unit,
    )
    .map(([value, of]) => `${value}${of}`),
  fc.array(fc.tuple(fc.nat(100), unit), { maxLength: 5 }).map((each) => each.flat().join("")),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.string({ maxLength: 40 }),
  latin1(20),
  fc.constantFrom("9".repeat(400), `${"1m".repeat(5_000)}x`, `Mon${"a".repeat(50)}`, "Mon, 99 Foo 2026 99:99:99 GMT"),
);
const waitNames = [...WAIT_HEADERS.map(({ name }) => name), ...ALLOWANCES.flatMap(({ left, reset }) => [left, reset])];

interface Waits {
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
  readonly status: number;
}

function waits({ headers, message, status }: Waits): void {
  const bag: HeaderBag = headers;
  const stated = [readRetryAfter(bag, wallNow), readAllowanceReset(bag, wallNow)];
  const body = Buffer.from(JSON.stringify({ error: { message, retry_after: message, code: message } }));
  for (const { egress } of Object.values(DIALECTS)) {
    const failed = egress?.classify(status, bag, body, wallNow);
    assert.ok(failed === undefined || isFailure(failed));
    stated.push(failed?.retryAfterMs ?? null);
  }
  for (const each of stated) {
    assert.ok(each === null || (Number.isInteger(each) && each >= 1_000 && each <= WAIT_MAX_MS), String(each));
  }
}

/** Laws of places. */
export const PLACES: readonly FuzzTarget[] = [
  target<Layers>({
    name: "headers",
    says: "Whatever a file says of headers, what goes out is legal, each once, and no field of the connection's.",
    cost: 1,
    input: fc.record({
      key: fc.oneof(fc.constantFrom("", "sk-1", "sk-ant-oat01"), latin1(10)),
      scheme: fc.constantFrom(...(Object.keys(AUTH_SCHEMES) as AuthScheme[])),
      alsoBearer: fc.boolean(),
      layers: fc.array(layer, { maxLength: 3 }),
      added: fc.array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { maxLength: 3 }),
    }),
    check: headersGoOut,
  }),
  target<Spelt>({
    name: "guard",
    says: "An address that no provider may have is refused in every spelling, at load and at connect.",
    cost: 1,
    input: fc.record({ address: FORBIDDEN, spelling: fc.nat(SPELLINGS.length - 1) }),
    check: staysOut,
  }),
  target<{ readonly host: string }>({
    name: "guard-any-host",
    says: "Any text is judged as a host, and loader and guard agree on what they let in.",
    cost: 1,
    input: fc.record({
      host: fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.domain(),
        fc.ipV6().map((each) => `[${each}]`),
        fc.string({ unit: fc.constantFrom(..."0123456789abcdefx.:[]%-"), maxLength: 24 }),
      ),
    }),
    check: judgesAnyHost,
  }),
  target<Waits>({
    name: "waits",
    says: "Whatever a provider says of waiting is between a second and an hour, or nothing.",
    cost: 2,
    input: fc.record({
      headers: fc.dictionary(fc.constantFrom(...waitNames), waitText, { maxKeys: 3 }),
      message: waitText,
      status: fc.constantFrom(400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 529),
    }),
    check: waits,
  }),
];
