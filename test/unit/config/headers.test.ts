// Headers of a target: what may be written, how layers lie over each other, and how a key becomes headers.
import { describe, expect, it } from "vitest";
import { AUTH_SCHEMES, type AuthScheme, type HeaderPairs } from "../../../src/config/auth-schemes.ts";
import { baseHeaders, flatHeaders, headerProblem, mergeHeaders } from "../../../src/config/headers.ts";

describe("a header can be sent", () => {
  it.each<[what: string, name: string, value: string]>([
    ["with a name of every sign that the standard allows", "!#$%&'*+.^_`|~09AZaz-", "1"],
    ["with an empty value", "x-a", ""],
    ["with spaces and tabs", "x-a", " a\tb "],
    ["with the upper half of Latin-1", "x-a", "\u0080Grüße\u00ff"],
    ["with the name of the connection inside another one", "x-connection-host", "1"],
  ])("%s", (_what, name, value) => {
    expect(headerProblem(name, value)).toBeNull();
  });

  it.each<[what: string, name: string, value: string, problem: string]>([
    ["with no name", "", "1", '"" is not a header name'],
    ["with a space behind its name", "x-a ", "1", '"x-a " is not a header name'],
    ["with a space in front of its name", " x-a", "1", '" x-a" is not a header name'],
    ["with a colon in its name", "x:a", "1", '"x:a" is not a header name'],
    ["with an accent in its name", "x-é", "1", '"x-é" is not a header name'],
    ["that frames the body", "Content-Length", "1", 'the header "Content-Length" belongs to the connection'],
    ["that names the host", "HOST", "1", 'the header "HOST" belongs to the connection'],
    [
      "that belongs to a proxy",
      "proxy-authorization",
      "1",
      'the header "proxy-authorization" belongs to the connection',
    ],
    ["with a line end", "x-a", "sk-canary\n", 'the value of the header "x-a" holds characters'],
    ["with a line end at its start", "x-a", "\nsk-canary", 'the value of the header "x-a" holds characters'],
    ["with a zero byte", "x-a", "sk-canary\u0000", 'the value of the header "x-a" holds characters'],
    ["with a rubout", "x-a", "sk-canary\u007f", 'the value of the header "x-a" holds characters'],
    ["with a sign beyond Latin-1", "x-a", "sk-canary\u0100", 'the value of the header "x-a" holds characters'],
  ])("but not one %s", (_what, name, value, problem) => {
    const said = headerProblem(name, value);
    expect(said).toContain(problem);
    expect(said).not.toContain("canary");
  });
});

describe("layers of headers", () => {
  it("begin with what every request says: JSON, streams, no compression, and who asks", () => {
    expect(flatHeaders(mergeHeaders([baseHeaders("1.2.3"), { Accept: "text/plain" }]))).toEqual(
      Object.entries({
        "content-type": "application/json",
        accept: "text/plain",
        "accept-encoding": "identity",
        "user-agent": "openclaw-edge/1.2.3",
      }).flat(),
    );
    expect(baseHeaders("1.2.3")["accept"]).toBe("application/json, text/event-stream");
  });

  it.each<[sentence: string, layers: readonly Readonly<Record<string, string>>[], merged: readonly string[]]>([
    ["none give none", [], []],
    ["names are written in lower case", [{ "X-A": "1" }], ["x-a", "1"]],
    ["a later layer wins, whatever the case", [{ "X-A": "1" }, { "x-a": "2" }, { "X-a": "3" }], ["x-a", "3"]],
    ["what only an earlier one has stays", [{ "x-a": "1", "x-b": "1" }, { "x-b": "2" }], ["x-a", "1", "x-b", "2"]],
    ["an empty value wins as well", [{ "x-a": "1" }, { "x-a": "" }], ["x-a", ""]],
    [
      "the trace of a request is its own, whatever the file says",
      [{ Traceparent: "1", tracestate: "2", BAGGAGE: "3", "x-trace": "4" }],
      ["x-trace", "4"],
    ],
    [
      "names that every object knows go without a word",
      [{ constructor: "1", prototype: "2", "x-a": "3" }],
      ["x-a", "3"],
    ],
  ])("%s", (_sentence, layers, merged) => {
    expect(flatHeaders(mergeHeaders(layers))).toEqual(merged);
  });

  it("are shared by requests, so nobody may change them", () => {
    expect(Object.isFrozen(flatHeaders(mergeHeaders([{ "x-a": "1" }])))).toBe(true);
  });
});

describe("a key travels", () => {
  it.each<[scheme: AuthScheme, key: string, headers: HeaderPairs]>([
    ["bearer", "sk-1", [["authorization", "Bearer sk-1"]]],
    ["x-api-key", "sk-ant-api03-1", [["x-api-key", "sk-ant-api03-1"]]],
    ["x-api-key", "sk-ant-oat01-1", [["authorization", "Bearer sk-ant-oat01-1"]]],
    ["x-goog-api-key", "AIza1", [["x-goog-api-key", "AIza1"]]],
    ["api-key", "1", [["api-key", "1"]]],
    ["none", "1", []],
  ])("by %s, when it is %s", (scheme, key, headers) => {
    expect(AUTH_SCHEMES[scheme](key)).toEqual(headers);
  });
});
