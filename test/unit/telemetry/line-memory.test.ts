// The access log keeps parts of lines as they were written last: no line may depend on the one before it.
import { expect, it } from "vitest";
import type { ProxyEvent, RequestEnd, RequestRef } from "../../../src/core/events.ts";
import type { Target } from "../../../src/core/snapshot.ts";
import { createAccessLog } from "../../../src/telemetry/access-log.ts";
import { createRedactor } from "../../../src/telemetry/redact.ts";
import * as told from "../../support/events.ts";
import { aCredential, aTarget } from "../../support/snapshot.ts";

const gpt = aTarget("openai/gpt-4o");
const claude = aTarget("anthropic/claude");
/** As after a reload: another object of the same name. */
const again = aTarget("openai/gpt-4o");
const second = aCredential("openai#2");

/** The end of a request of `main` that `gpt` answered. */
const ended = (
  request: Partial<RequestRef>,
  target: Target = gpt,
  model: string | null = null,
  more: Partial<RequestEnd> = {},
): ProxyEvent =>
  told.requestEnded([told.attemptOf(target, { told: told.toldOf({ model }) })], {
    request: told.requestOf(request),
    ...more,
  });

/** Each differs from another one in a single thing. */
const ENDS: readonly (readonly [what: string, event: ProxyEvent])[] = [
  ["a plain request", ended({})],
  ["another operation", ended({ operation: "responses" })],
  ["another agent", ended({ agent: "helper" })],
  ["another name asked for", ended({ requested: "openclaw" })],
  ["no stream", ended({ stream: false })],
  ["a channel", ended({ channel: "slack" })],
  ["another channel", ended({ channel: "team-a" })],
  ["a long channel", ended({ channel: "c".repeat(200) })],
  ["another target", ended({}, claude)],
  ["the same target of another snapshot", ended({}, again)],
  ["a model that the answer names", ended({}, gpt, "gpt-4o-2024-08-06")],
  ["another model that it names", ended({}, gpt, "gpt-4o-2024-11-20")],
  ["that model of another target", ended({}, claude, "gpt-4o-2024-11-20")],
  ["the target's own name", ended({}, gpt, "gpt-4o")],
  ["a long model", ended({}, gpt, "m".repeat(200))],
  ["another status", ended({}, gpt, null, { status: 201 })],
  ["another outcome", ended({}, gpt, null, { outcome: "cancelled" })],
  ["another credential", told.requestEnded([told.attemptOf(gpt, { credential: second })])],
  ["a failover", told.requestEnded([told.failedAttemptOf(claude, "rate-limited"), told.attemptOf(gpt)])],
  ["one that nobody answered", told.requestFailed([told.failedAttemptOf(gpt, "connect-failed")])],
  ["another that nobody answered", told.requestFailed([told.failedAttemptOf(claude, "auth")])],
  ["a refusal", told.requestRefused("unauthorized")],
];

function aLog(style: "json" | "pretty"): (event: ProxyEvent) => string {
  const lines: string[] = [];
  const observe = createAccessLog({
    write: (line) => lines.push(line),
    wall: () => 0,
    redact: createRedactor([], []),
    style,
  });
  return (event) => {
    observe(event);
    return lines.at(-1) ?? "";
  };
}

it("tells them apart", () => {
  const lines = new Set(ENDS.map(([, event]) => aLog("json")(event)));
  // The target of another snapshot and the model by its own name read alike.
  expect(lines.size).toBe(ENDS.length - 2);
});

it.each(ENDS)("writes the line of each behind that of %s as if it were the first", (_what, before) => {
  for (const style of ["json", "pretty"] as const) {
    for (const [what, event] of ENDS) {
      const log = aLog(style);
      const first = log(before);
      expect(log(event), what).toBe(aLog(style)(event));
      expect(log(before), what).toBe(first);
    }
  }
});
