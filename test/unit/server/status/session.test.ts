// The cookie of a session as text; what it opens is in status.test.ts.
import { describe, expect, it } from "vitest";
import { hasSession, newSession, noSession, SESSION_S } from "../../../../src/server/status/session.ts";
import type { Visit } from "../../../../src/server/visit.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { auth, gateway, snapshot } from "../door-kit.ts";

/** What a session looks at of a visit. */
function visit(socket: object, cookie?: string, clock = new FakeClock()): Visit {
  const headers = cookie === undefined ? {} : { cookie };
  const made = { incoming: { socket }, headers, snapshot: snapshot(), lobby: { parts: { clock } } };
  return made as unknown as Visit;
}
const pairOf = (field: string | null): string => field?.split(";")[0] ?? "";

describe("the cookie", () => {
  it("goes over encrypted connections only, where it came over one", () => {
    const encrypted = { localPort: 443, encrypted: true };
    expect(newSession(visit(encrypted))).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    expect(noSession(visit(encrypted))).toBe(
      "openclaw-edge-443=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure",
    );
    expect(noSession(visit({ localPort: 80 }))).toBe("openclaw-edge-80=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
  });

  it("counts at the port that gave it and at no other of the machine", () => {
    const cookie = pairOf(newSession(visit({ localPort: 443 })));
    expect(hasSession(visit({ localPort: 443 }, cookie))).toBe(true);
    expect(hasSession(visit({ localPort: 444 }, cookie))).toBe(false);
    expect(hasSession(visit({ localPort: 44 }, cookie.replace("443", "4")))).toBe(false);
    expect(hasSession(visit({}, cookie.replace("443", "0")))).toBe(true);
  });

  it("counts up to the second that it names, and not in it", () => {
    const clock = new FakeClock();
    const cookie = pairOf(newSession(visit({ localPort: 1 }, undefined, clock)));
    clock.advance(SESSION_S * 1_000 - 1);
    expect(hasSession(visit({ localPort: 1 }, cookie, clock))).toBe(true);
    clock.advance(1);
    expect(hasSession(visit({ localPort: 1 }, cookie, clock))).toBe(false);
  });

  it("is another one each time", () => {
    expect(newSession(visit({ localPort: 1 }))).not.toBe(newSession(visit({ localPort: 1 })));
  });

  it.each(["none", "trusted-proxy"] as const)("is not given in mode %s", (mode) => {
    const given = newSession({
      ...visit({ localPort: 1 }),
      snapshot: snapshot({ gateway: gateway({ auth: auth({ mode }) }) }),
    } as unknown as Visit);
    expect(given).toBeNull();
  });
});
