// The providers that requests can go to: can their names be resolved, do they answer, is their certificate good, and what time is it there?
import type { Loaded } from "../../config/load-snapshot.ts";
import { realClock } from "../../core/clock.ts";
import type { Target } from "../../core/snapshot.ts";
import { type Check, fail, type Finding, ok, warn } from "./finding.ts";
import { type Broken, lookAt, type Wire } from "./wire.ts";

const TIMEOUT_MS = 5000;
const CERTIFICATE_DAYS_MIN = 14;
const SKEW_WARN_MS = 30_000;
const SKEW_FAIL_MS = 300_000;
const MS_PER_S = 1000;

const FIXES = {
  name: "check the address in models.providers.<id>.baseUrl and the resolver of this machine",
  connection: "is the server running, and does a firewall let this machine out?",
  TLS: "a company's own authority goes into models.providers.<id>.request.tls.ca",
} as const satisfies Record<Broken["step"], string>;

/** One line per origin, and one about the clock. */
export const providers: Check = async ({ loaded, online }) => {
  if (loaded === null) return [];
  const targets = reachable(loaded).filter(({ local }) => online || local);
  const byOrigin = Map.groupBy(targets, ({ transport }) => transport.origin);
  const looks = await Promise.all(
    [...byOrigin].map(async ([origin, [first]]) =>
      lookAt({ origin, tls: first?.transport.tls ?? null, timeoutMs: TIMEOUT_MS }),
    ),
  );
  const lines = looks.map((look) => originFinding(look, byOrigin.get(look.origin) ?? []));
  return [...lines, ...clockFindings(looks)];
};

/** Everything in a chain or in the file, that goes over a wire and has a key. */
function reachable({ snapshot }: Loaded): readonly Target[] {
  const chains = [...snapshot.agents.values()].flatMap(({ chain, imageChain }) => chain.concat(imageChain));
  const all = [...new Set([...chains, ...snapshot.targets.values()])];
  return all.filter(({ via, unavailable }) => via === "http" && unavailable === null);
}

function originFinding(look: Wire | Broken, targets: readonly Target[]): Finding {
  const names = [...new Set(targets.map(({ provider }) => provider))].join(", ");
  if ("step" in look) {
    const { origin, step, problem } = look;
    return fail("provider", `${names}: ${origin}: the ${step} fails (${problem})`, FIXES[step]);
  }
  const { origin, addresses, connectMs, tls, daysLeft } = look;
  const words = `${names}: ${origin}, ${addresses} addresses, ${connectMs} ms, ${tls ?? "no TLS"}`;
  if (daysLeft === null || daysLeft >= CERTIFICATE_DAYS_MIN) return ok("provider", words);
  return warn("provider", `${words}; its certificate ends in ${daysLeft} days`, "renew it, if the server is yours");
}

/** The nearest clock counts: a single wrong one elsewhere is not ours to mend. */
function clockFindings(looks: readonly (Wire | Broken)[]): readonly Finding[] {
  const now = realClock.wall();
  const dates = looks.flatMap((look) => ("step" in look || look.date === null ? [] : [look.date]));
  if (dates.length === 0) return [ok("clock", "not compared: no provider told the time")];
  const skewMs = dates.map((date) => now - date).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
  const words = `${Math.abs(Math.round(skewMs / MS_PER_S))} s ${skewMs < 0 ? "behind" : "ahead of"} the providers`;
  const fix = "set the clock, for example with timedatectl set-ntp true";
  if (Math.abs(skewMs) >= SKEW_FAIL_MS) return [fail("clock", words, fix)];
  return Math.abs(skewMs) >= SKEW_WARN_MS ? [warn("clock", words, fix)] : [ok("clock", words)];
}
