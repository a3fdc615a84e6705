// Whose own time it was: sums of a profile as the inspector gives it.
import { describe, expect, it } from "vitest";
import { busyUs, type CpuProfile, functionsOf, type ProfileNode, roomsOf } from "../../../bench/profile/cpu-profile.ts";

const node = (id: number, functionName: string, url = "", lineNumber = 0): ProfileNode => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

const profile: CpuProfile = {
  nodes: [
    node(1, "(idle)"),
    node(2, "writev"),
    node(3, "handle", "file:///somewhere/src/proxy/handle.ts", 9),
    node(4, "dispatch", "file:///somewhere/node_modules/undici/lib/pool.js", 4),
    node(5, "read", "file:///somewhere/bench/subjects/floor-proxy.ts", 60),
    node(6, "onIncoming", "node:_http_server", 1),
    node(7, "(garbage collector)"),
    // The same function, called from elsewhere.
    node(8, "handle", "file:///somewhere/src/proxy/handle.ts", 9),
    node(9, "", "file:///somewhere/node_modules/@scope/part/a.js", 0),
  ],
  samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 2],
  timeDeltas: [5, 1000, 10, 20, 30, 40, 50, 60, 70, 80],
};

describe("a profile", () => {
  it("gives each function the time until the next sample, and nobody the waiting", () => {
    expect(functionsOf(profile)).toEqual([
      { what: "handle proxy/handle.ts:10", us: 90 },
      { what: "(anonymous) @scope/part/a.js:1", us: 80 },
      { what: "(garbage collector)", us: 60 },
      { what: "onIncoming node:_http_server:2", us: 50 },
      { what: "read subjects/floor-proxy.ts:61", us: 40 },
      { what: "dispatch undici/pool.js:5", us: 30 },
      { what: "writev", us: 10 },
    ]);
    expect(busyUs(profile)).toBe(360);
  });

  it("sums by room, package and part of Node", () => {
    expect(Object.fromEntries(roomsOf(profile).map(({ what, us }) => [what, us]))).toEqual({
      "src/proxy": 90,
      "@scope/part": 80,
      "(garbage collector)": 60,
      "Node's own modules": 50,
      "the floor itself": 40,
      undici: 30,
      "built into Node and V8": 10,
    });
  });
});
