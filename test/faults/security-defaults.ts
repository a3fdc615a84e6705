// TABLE: the defaults that keep a door safe, each with the rows of the matrix or the test that would fail without it.
import type { Place } from "./matrix.ts";

/** One default. */
export interface SecurityDefault {
  readonly says: string;
  /** Ids of rows. */
  readonly rows?: readonly string[];
  readonly tests?: readonly Place[];
}

const AUTH = "test/unit/config/auth-settings.test.ts";
const DEFAULTS = "test/unit/config/defaults.test.ts";
const HERE = "test/faults/security-defaults.test.ts";

/** By number. */
export const SECURITY_DEFAULTS: Readonly<Record<number, SecurityDefault>> = {
  1: {
    says: "binds to loopback unless told otherwise",
    tests: [[AUTH, "a door is on its own machine unless told otherwise"]],
  },
  2: { says: "no start on other addresses without authentication", rows: ["P06"] },
  3: {
    says: "mode none: loopback only, Host and Origin are checked",
    tests: [["test/unit/server/auth.test.ts", "mode none"]],
  },
  4: { says: "short tokens warn, example tokens are refused", rows: ["P22d"], tests: [[AUTH, "short_token"]] },
  5: { says: "two credentials without a mode: no start", rows: ["P22"] },
  6: { says: "a blank secret: no start", rows: ["P22c"] },
  7: {
    says: "secrets are compared as digests, in constant time",
    tests: [["test/unit/server/constant-time.test.ts", "X10"]],
  },
  8: { says: "one extractor; never query, cookie or body", rows: ["A03", "A03d", "A03e", "A03f"] },
  9: { says: "the credential comes before the body and before routes", rows: ["A05", "A07", "A08"] },
  10: { says: "401 is the same for all causes", rows: ["A09"] },
  11: {
    says: "lockout per canonical address, in a bounded table",
    rows: ["A11"],
    tests: [["test/unit/server/rate-limiter.test.ts", "stays bounded under ten thousand and one clients"]],
  },
  12: {
    says: "forwarding headers count from configured peers only, and of theirs the right-most stranger",
    rows: ["A06", "A12", "A12b"],
    tests: [["test/unit/server/client-address.test.ts", "is the rightmost stranger"]],
  },
  13: {
    says: "trusted-proxy: exact peers, headers, one identity; loopback by its own key",
    rows: ["P20", "P20b", "P21"],
  },
  14: { says: "scopes can only take away", tests: [["test/unit/server/scopes.test.ts", "empty means none"]] },
  15: { says: "allowlists of headers, both ways", rows: ["H01", "H02"] },
  16: { says: "no cookies either way, but for the status page", rows: ["H01", "H02", "A03d"] },
  17: { says: "no CORS unless exact origins are named", rows: ["A10", "A10b"] },
  18: { says: "nosniff and no-store; no-transform on streams", tests: [[HERE, "(18)"]] },
  19: { says: "no Server, no X-Powered-By", tests: [[HERE, "(19)"]] },
  20: { says: "a strict HTTP parser, asserted at the start", rows: ["S20", "S20b", "C05", "C07"] },
  21: {
    says: "limits are on",
    rows: ["C12", "C13b", "C14b", "C21", "C32", "C36b", "U43", "U44", "U67"],
    tests: [[DEFAULTS, "bounds what is taken and held"]],
  },
  22: {
    says: "clocks are on",
    rows: ["U06", "U07", "U10", "X30", "B07b", "C42", "C42b"],
    tests: [
      [DEFAULTS, "ends every wait"],
      [HERE, "(22)"],
    ],
  },
  23: {
    says: "caps: connections, in flight, per provider",
    rows: ["P18", "X20", "B10b"],
    tests: [
      ["test/unit/server/body.test.ts", "turns the call above the limit away at once"],
      ["test/unit/server/connections-max.test.ts", "ends where one process should"],
    ],
  },
  24: { says: "https to public addresses", rows: ["X05e"] },
  25: { says: "certificates are verified", rows: ["U05", "U05b"] },
  26: { says: "redirects are not followed", rows: ["U24-301", "U24-307"] },
  27: {
    says: "addresses are judged when they are dialled",
    tests: [["test/unit/upstream/connector.test.ts", "rebinding, X02"]],
  },
  28: { says: "proxies of the environment mean nothing", rows: ["X04"] },
  29: { says: "a provider's key goes to its own origin only", rows: ["H01", "U24b"] },
  30: {
    says: "secrets come from references; files that others may read are refused",
    tests: [
      ["test/unit/config/secrets.test.ts", "is readable by everybody"],
      ["test/unit/config/secrets.test.ts", "a mount that its reader cannot have written"],
    ],
  },
  31: {
    says: "a secret cannot be printed",
    tests: [["test/unit/core/secret.test.ts", "says that something is hidden"]],
  },
  32: {
    says: "redaction by value and by pattern",
    rows: ["U30", "U31", "M02"],
    tests: [["test/unit/telemetry/redact.test.ts", "are found without any pattern"]],
  },
  33: { says: "bodies are not logged", rows: ["P98"] },
  34: { says: "metrics are behind authentication", rows: ["A08"] },
  35: {
    says: "labels come from the catalogue, a channel only where OpenClaw knows it or the file lists it; series are bounded",
    rows: ["M01"],
    tests: [
      ["test/unit/telemetry/cells.test.ts", "shares its budget with others"],
      ["test/unit/telemetry/exposition.test.ts", "name a channel"],
      ["test/unit/telemetry/exposition.test.ts", "leave room for failures, whatever clients name"],
    ],
  },
  36: { says: "health tells one bit", rows: ["A08b"] },
  37: { says: "no debug or config routes; no inspector for others", rows: ["A08-2", "A08-3", "S37"] },
  38: { says: "unknown keys are errors that name the nearest", rows: ["P07b"] },
  39: { says: "config validate judges offline, with the same code", rows: ["P22", "X43"] },
  40: { says: "a reload is taken whole or not at all", rows: ["P11"] },
  41: { says: "included files are confined", rows: ["X43b", "X43c", "X43e"] },
  42: {
    says: "the image: no root, no shell between it and Node; where it runs: a read-only root, no capabilities, seccomp; NODE_OPTIONS is told",
    tests: [
      [HERE, "(42)"],
      ["test/deploy/manifests.test.ts", "runs as nobody, read-only, without capabilities"],
    ],
  },
  43: { says: "a runtime below the floor is refused", tests: [[HERE, "(43)"]] },
  44: {
    says: "exact pins, few packages, no install scripts, a bill of materials and provenance",
    tests: [
      [HERE, "(44)"],
      ["test/deploy/supply.test.ts", "are fewer than 15 packages"],
      ["test/deploy/supply.test.ts", "run nothing when they are installed"],
      ["test/deploy/bundled.test.ts", "holds the packages that its bill of materials lists"],
      ["test/deploy/workflows.test.ts", "the job that proves its origin gets an identity"],
      ["test/deploy/workflows.test.ts", "runs what dependencies bring only where no right is"],
    ],
  },
  45: {
    says: "SECURITY.md says how to report, when there is an answer, and that both peers are hostile",
    tests: [[HERE, "(45)"]],
  },
  46: { says: "the process ends on a bug", rows: ["X40", "X40b"] },
  47: { says: "no heap snapshots, no reports with memory, no core dumps", tests: [[HERE, "(47)"]] },
  48: {
    says: "nothing leans on a changed Object.prototype; image and system unit start without __proto__",
    rows: ["C38", "C41"],
    tests: [
      [HERE, "whose Object.prototype is closed"],
      [HERE, "start Node without __proto__"],
    ],
  },
};
