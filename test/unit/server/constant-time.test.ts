// Secrets are compared as digests in constant time and in no other way; told by the source, because time cannot be asserted.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const FOLDER = new URL("../../../src/server/", import.meta.url).pathname;
const LINES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) =>
    readFileSync(FOLDER + name, "utf8")
      .split("\n")
      .map((line) => ({ name, line })),
  );
/** An equality with a secret or its digest on either side; `null`, `undefined`, texts and sizes are none. */
const COMPARED =
  /\b(?:\w*[dD]igest|token|password|secret|shown|presented)\b(?:\(\w*\))?\s*[!=]==?(?!=|\s*(?:null|undefined|"|'|\d))/;

describe("X10: a secret", () => {
  it("is nowhere compared with ===", () => {
    expect(LINES.filter(({ line }) => COMPARED.test(line))).toEqual([]);
  });

  it("is compared by timingSafeEqual, as SHA-256", () => {
    const compared = LINES.filter(({ line }) => line.includes("timingSafeEqual(") && !line.includes("import"));
    expect(compared.length).toBeGreaterThan(0);
    for (const { name, line } of compared) expect(`${name}: ${line}`).toMatch(/digest|mac|sign/i);
    expect(LINES.some(({ line }) => line.includes('hash("sha256"'))).toBe(true);
  });
});
