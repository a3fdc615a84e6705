import { describe, expect, it } from "vitest";
import { newTrace } from "../../../src/core/ids.ts";
import { headersFor } from "../../../src/upstream/request-headers.ts";
import { aCredential, aTarget } from "../../support/snapshot.ts";

const OWN = ["x-api-key", "anthropic-beta", "anthropic-beta", "a, b"] as const;
const request = (headers: readonly string[], values: readonly string[] | null) => ({
  target: aTarget("p/m"),
  credential: aCredential("p#1", headers),
  trace: newTrace(),
  path: "/",
  body: Buffer.alloc(0),
  stream: false,
  added: values === null ? null : { name: "anthropic-beta", values },
});

describe("headersFor", () => {
  it("is the credential's own list, shared, where nothing is added", () => {
    expect(headersFor(request(OWN, null))).toBe(OWN);
    expect(headersFor(request(OWN, []))).toBe(OWN);
  });

  it("adds to a list that is there, each name once, and changes no header's value that looks like the name", () => {
    expect(headersFor(request(OWN, ["b", "c"]))).toEqual(["x-api-key", "anthropic-beta", "anthropic-beta", "a,b,c"]);
    expect(OWN[3]).toBe("a, b");
  });

  it.each([
    ["written without spaces", "a,b", ["c"], "a,b,c"],
    ["empty", "", ["c"], "c"],
    ["with an empty place", "a,,b", ["c"], "a,b,c"],
    ["that holds all of it already", "a, b", ["b"], "a,b"],
  ])("adds to a list %s", (_what, written, values, all) => {
    const own = ["anthropic-beta", written, "x-api-key", "k"];
    expect(headersFor(request(own, values))).toEqual(["anthropic-beta", all, "x-api-key", "k"]);
  });

  it("is the credential's own list where a request says nothing of adding", () => {
    const { added: _added, ...plain } = request(OWN, null);
    expect(headersFor(plain)).toBe(OWN);
  });

  it("adds the header where there is none", () => {
    expect(headersFor(request(["x-api-key", "k"], ["b", "c"]))).toEqual(["x-api-key", "k", "anthropic-beta", "b,c"]);
  });
});
