// What begins to cool, breaks, or answers again. Credentials in OpenClaw's words (§4.11) and by id, never by key; breakers, which it does
// not have, as an event of our own. Trouble is a warning, its end is not.
import type { StandingChange } from "../core/standing.ts";
import type { LogFields } from "./log-fields.ts";
import type { Say } from "./log.ts";
import { type Hearing, hearing } from "./hearing.ts";

/** What a standing log is made of. */
export interface StandingLogParts {
  readonly warn: Say;
  readonly info: Say;
  /** Unix milliseconds. */
  readonly wall: () => number;
}

/** How a change is told. */
interface Telling {
  readonly message: string;
  readonly fields: (change: StandingChange, until: number | undefined) => LogFields;
}

const TELLINGS: Readonly<Record<StandingChange["of"], Telling>> = {
  credential: {
    message: "auth profile failure state updated",
    fields: ({ provider, target, credential, state, reason, failures }, until) => {
      const disabled = DISABLING.has(reason);
      return {
        event: "auth_profile_failure_state_updated",
        profileId: credential ?? undefined,
        provider,
        // A window without a model is one for all models of the credential.
        cooldownModel: modelOf(provider, target),
        state,
        reason,
        windowType: disabled ? "disabled" : "cooldown",
        cooldownUntil: disabled ? undefined : until,
        disabledUntil: disabled ? until : undefined,
        errorCount: failures,
      };
    },
  },
  target: {
    message: "target breaker state updated",
    fields: ({ provider, target, state, reason, failures }, until) => ({
      event: "target_breaker_state_updated",
      provider,
      model: modelOf(provider, target),
      state,
      reason,
      until,
      failures,
    }),
  },
};

/** Reasons whose windows OpenClaw calls disabled: somebody has to act (§4.4). */
const DISABLING: ReadonlySet<string> = new Set(["billing", "auth_permanent"]);
const TROUBLE: ReadonlySet<StandingChange["state"]> = new Set(["cooling", "open"]);

/** Makes the observer that tells changes of standing. Ends of windows are Unix milliseconds, as in OpenClaw. */
export function createStandingLog({ warn, info, wall }: StandingLogParts): Hearing {
  return hearing(["standing-changed"], ({ change, at }) => {
    const { message, fields } = TELLINGS[change.of];
    const until = change.until === null ? undefined : Math.round(wall() + change.until - at);
    const say = TROUBLE.has(change.state) ? warn : info;
    say(message, fields(change, until));
  });
}

function modelOf(provider: string, target: string | null): string | undefined {
  return target?.slice(provider.length + 1);
}
