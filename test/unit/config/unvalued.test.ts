// Values from the environment stand in no complaint, wherever in the file they were put.
import { describe, expect, it } from "vitest";
import { renderComplaint } from "../../../src/config/complaint.ts";
import { parseConfigTree } from "../../../src/config/read-file.ts";
import { unvalued } from "../../../src/config/unvalued.ts";

const KEY = "sk-variable-0123456789-abcdefghij";
const ENV = { MY_KEY: KEY, SHORT: "up" };

describe("a value from the environment", () => {
  it.each([
    ["as a wrong word", { models: { providers: { p: { api: "${MY_KEY}" } } } }],
    ["beside other text", { models: { providers: { p: { api: "anthropic-messages${MY_KEY}" } } } }],
    ["cut short in the middle", { models: { providers: { p: { api: `${"x".repeat(50)}\${MY_KEY}` } } } }],
    ["where a number is wanted", { gateway: { port: "${MY_KEY}" } }],
  ])("is named and not told: %s", (_where, tree) => {
    const result = parseConfigTree(tree, ENV);
    if (result.ok) expect.fail("must be refused");
    const told = result.complaints.map(renderComplaint).join("\n");
    expect(told).toContain("${MY_KEY");
    expect(told).not.toContain("sk-var");
  });

  it("is taken out of what compiling says of it; short words stay", () => {
    const read = parseConfigTree({ agents: { defaults: { model: { primary: "${SHORT}/${MY_KEY}" } } } }, ENV);
    if (!read.ok) expect.fail(JSON.stringify(read.complaints));
    const place = { severity: "warning", code: "a", path: "p", file: null, line: null, column: null } as const;
    const [said] = unvalued([{ ...place, message: `up/${KEY} is unknown`, suggestion: KEY }], read);
    expect(said).toMatchObject({ message: "up/${MY_KEY} is unknown", suggestion: "${MY_KEY}" });
  });
});
