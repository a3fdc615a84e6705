import { describe, expect, it } from "vitest";
import { complain, hasErrors, renderComplaint, renderComplaints } from "../../../src/config/complaint.ts";
import { formatKeyPath, valueAt, type KeyPath } from "../../../src/config/key-path.ts";
import { Positions } from "../../../src/config/positions.ts";

const positions = new Positions();
positions.set([], { file: "/c/a.json", line: 1, column: 1 });
positions.set(["models"], { file: "/c/a.json", line: 2, column: 3 });
positions.set(["a", "b"], { file: "/c/b.json", line: 7, column: 9 });

describe("key paths", () => {
  it.each<[KeyPath, string]>([
    [[], ""],
    [["models", "providers", "x", "baseUrl"], "models.providers.x.baseUrl"],
    [["agents", "list", 0, "id"], "agents.list[0].id"],
    [["models", "openai/gpt-5.4", "alias"], 'models["openai/gpt-5.4"].alias'],
    [["a.b", "c-d", 'e"f'], '["a.b"].c-d["e\\"f"]'],
  ])("%j is written %j", (path, written) => {
    expect(formatKeyPath(path)).toBe(written);
  });

  it.each<[KeyPath, unknown]>([
    [["a", 1, "b"], 2],
    [["a", 5], undefined],
    [["toString"], undefined],
    [["a", "length", "x"], undefined],
  ])("the value at %j is %j", (path, value) => {
    expect(valueAt({ a: [0, { b: 2 }] }, path)).toBe(value);
  });
});

describe("positions", () => {
  it.each<[string, KeyPath, string]>([
    ["a written key", ["models"], "/c/a.json:2:3"],
    ["a key inside a written one", ["models", "providers", "x"], "/c/a.json:2:3"],
    ["a key that nobody wrote", ["gateway", "port"], "/c/a.json:1:1"],
    ["two keys are not one key with a dot", ["a.b"], "/c/a.json:1:1"],
  ])("%s", (_sentence, path, place) => {
    const at = positions.at(path);
    expect(`${at?.file}:${at?.line}:${at?.column}`).toBe(place);
  });

  it("has none without a file", () => {
    expect(new Positions().at(["a"])).toBeNull();
  });
});

describe("complaints", () => {
  const error = complain(positions, { code: "unknown_key", path: ["a", "b"], message: "is odd", suggestion: "bb" });
  const warning = complain(positions, { severity: "warning", code: "x", path: ["models"], message: "is old" });
  const placeless = complain(new Positions(), { code: "x", path: ["c"], message: "is bad" });

  it.each([
    [error, '/c/b.json:7:9  a.b  is odd (did you mean "bb"?)'],
    [warning, "/c/a.json:2:3  models  warning: is old"],
    [placeless, "c  is bad"],
    [complain(positions, { code: "x", path: [], message: "is empty" }), "/c/a.json:1:1  is empty"],
  ])("%#: is rendered with its place", (complaint, line) => {
    expect(renderComplaint(complaint)).toBe(line);
  });

  it("puts errors first and what has no place last", () => {
    const lines = renderComplaints([warning, placeless, error]).split("\n");
    expect(lines.map((line) => line.slice(0, 9))).toEqual(["/c/b.json", "c  is bad", "/c/a.json"]);
  });

  it("tells errors from warnings", () => {
    expect([hasErrors([warning]), hasErrors([warning, error])]).toEqual([false, true]);
  });
});
