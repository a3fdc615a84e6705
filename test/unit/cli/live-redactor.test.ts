// Secrets of the configuration in use and of those before it: late messages of others may still hold them.
import { describe, expect, it } from "vitest";
import { LiveRedactor } from "../../../src/cli/live-redactor.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { LoggingSettings, Snapshot } from "../../../src/core/snapshot.ts";
import { aSnapshot, aTarget } from "../../support/snapshot.ts";

/** A value that only its configuration betrays. */
const valueOf = (number: number): string => `turnip-of-config-${number}`;
/** A value that its looks betray. */
const LOOKS = "Bearer CaNaRy0123456789xyzW";

function configured(number: number, more: Partial<LoggingSettings> = {}): Snapshot {
  const { logging } = aSnapshot([]);
  return aSnapshot([], { secrets: new Secret([valueOf(number)]), logging: { ...logging, ...more } });
}

describe("a live redactor", () => {
  it("takes out what is known, and what looks like a secret", () => {
    const { redact } = new LiveRedactor(configured(1));
    expect(redact(`${valueOf(1)}, ${LOOKS}`)).toBe("***, Bearer CaNaRy…xyzW");
  });

  it("takes out known values alone where that is asked for", () => {
    const { redactValues } = new LiveRedactor(configured(1));
    expect(redactValues(`${valueOf(1)}, ${LOOKS}`)).toBe(`***, ${LOOKS}`);
  });

  it("goes by the patterns of the configuration in use, in the function that was handed out before", () => {
    const live = new LiveRedactor(configured(1));
    const { redact } = live;
    live.follow(configured(2, { redactPatterns: ["turnip-tops"] }));
    expect(redact(`turnip-tops, ${LOOKS}`)).toBe(`***, ${LOOKS}`);
  });

  it("goes by values only while `redactSensitive` is off", () => {
    const live = new LiveRedactor(configured(1, { redact: false }));
    expect(live.redact(`${valueOf(1)}, ${LOOKS}`)).toBe(`***, ${LOOKS}`);
    live.follow(configured(1));
    expect(live.redact(LOOKS)).not.toBe(LOOKS);
  });

  it("remembers the values of seven configurations before, and of no more", () => {
    const live = new LiveRedactor(configured(1));
    for (let number = 2; number <= 9; number += 1) live.follow(configured(number));
    for (const redact of [live.redact, live.redactValues]) {
      expect(redact([1, 2, 9].map(valueOf).join(" "))).toBe(`${valueOf(1)} *** ***`);
    }
  });

  it("takes out where providers are, of words for a client alone, and remembers that as long", () => {
    const at = (number: number): Snapshot => {
      const target = aTarget("acme/large");
      return aSnapshot([{ ...target, transport: { ...target.transport, origin: `https://gpu${number}.example` } }]);
    };
    const live = new LiveRedactor(at(1));
    const words = "POST https://gpu1.example/v1 at gpu2.example:443, 10.0.0.1";
    expect([live.redact(words), live.relayed(words)]).toEqual([words, "POST [address] at gpu2.example:443, [address]"]);
    live.follow(at(2));
    expect(live.relayed(words)).toBe("POST [address] at [address], [address]");
    for (let number = 3; number <= 9; number += 1) live.follow(at(number));
    expect(live.relayed(words)).toBe("POST https://gpu1.example/v1 at [address], [address]");
  });

  it("takes secrets out of words for a client, too", () => {
    expect(new LiveRedactor(configured(1)).relayed(`${valueOf(1)} at http://localhost/`)).toBe("*** at [address]");
  });
});
