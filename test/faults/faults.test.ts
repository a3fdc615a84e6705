// The fault matrix under vitest: every row that is not slow, on sockets; and those that need no socket once more over the mock.
import { beforeAll, describe, expect, it } from "vitest";
import { readScript } from "../../src/mock/read-script.ts";
import type { Json } from "../../src/core/json.ts";
import { isRequest, type Row } from "./row.ts";
import { ROWS } from "./rows/index.ts";
import { isForTheMock, type Played, playRows } from "./runner.ts";
import { mockScriptOf } from "./script-of.ts";

const PATIENCE_MS = 300_000;
const QUICK = ROWS.filter(({ slow }) => slow !== true);
const MOCKABLE = QUICK.filter(isForTheMock);

/** One test per row, all played at once before the first. */
function matrix(rows: readonly Row[], over: "wire" | "mock"): void {
  let played: Played;
  beforeAll(async () => {
    played = await playRows(rows, { over });
  }, PATIENCE_MS);

  it.each(rows.map((row) => [row.id, row.says, row] as const))("%s: %s", (_id, _says, row) => {
    const result = played.results.find((each) => each.row === row);
    expect(result?.problems).toEqual([]);
  });

  it("nothing is leaked in logs and metrics", () => {
    expect(played.leaks).toEqual([]);
  });
}

describe("the fault matrix", () => matrix(QUICK, "wire"));
describe("the fault matrix over the mock", () => matrix(MOCKABLE, "mock"));

describe("rows", () => {
  it("have scripts that can be written into a configuration", () => {
    const requests = MOCKABLE.filter(isRequest);
    const scripts = requests.flatMap((row) => row.shapes.map((shape) => mockScriptOf(row, shape) as unknown as Json));
    expect(scripts.length).toBeGreaterThan(100);
    expect(scripts.map(readScript).filter((read) => typeof read === "string")).toEqual([]);
  });
});
