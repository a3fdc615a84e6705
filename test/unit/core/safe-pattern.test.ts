// Regular expressions of the operator: those that can take exponential time are not used.
import { describe, expect, it } from "vitest";
import { safePattern } from "../../../src/core/safe-pattern.ts";

describe("a pattern", () => {
  it.each([
    ["(a+)+$", "a repetition of a repetition"],
    ["((a+)b?)*", "one that is hidden in a group"],
    ["((?:a*))+", "one in a group without a number"],
    ["(?:x(?=a+))*", "one in a look ahead"],
    ["(a{2,})+", "one that is counted"],
    ["(a+){10}", "one that is repeated a number of times"],
    ["([a+]\\d+)+", "one behind a class"],
    ["(", "an open group"],
    ["a)", "a closed one"],
    ["[z-a]", "a class the wrong way round"],
    ["[a+", "a class without an end"],
    ["/a/qq", "flags that there are not"],
    ["", "nothing"],
    ["(a+x){2,3}", "one that is repeated some times"],
    ["[\\]](b+)+", "one behind a class that holds its own end"],
    ["(\\(a+)+", "one with a bracket that is none"],
    ["(a)(b+)+", "one behind another group"],
    ["((a)b+)*", "one around another group"],
    ["(a+(b))*", "one before another group"],
    ["(a+){00000000000000000000000009}", "one that is counted in many digits"],
  ])("%s is refused: %s", (written) => {
    expect(safePattern(written)).toBeNull();
  });

  it.each([
    ["sk-[a-z0-9]{16,}", "sk-[a-z0-9]{16,}", "gi"],
    ["/sk-[a-z]+/", "sk-[a-z]+", "g"],
    ["/sk-[a-z]+/i", "sk-[a-z]+", "gi"],
    ["/sk-\\/x/gu", "sk-\\/x", "gu"],
    ["(foo|bar)+", "(foo|bar)+", "gi"],
    ["(a+)?b+", "(a+)?b+", "gi"],
    ["(\\+\\*)+", "(\\+\\*)+", "gi"],
    ["([+*])+", "([+*])+", "gi"],
    ["(a+){1}", "(a+){1}", "gi"],
    ["(a+){x}", "(a+){x}", "gi"],
    ["(a+){,2}", "(a+){,2}", "gi"],
    ["a+(b)+", "a+(b)+", "gi"],
    ["(a)(b)+c*", "(a)(b)+c*", "gi"],
    ["([\\]+])+", "([\\]+])+", "gi"],
    ["x/a+/", "x\\/a+\\/", "gi"],
    ["/x/a+", "\\/x\\/a+", "gi"],
    ["((a)b)+", "((a)b)+", "gi"],
    ["(a+){x}b{2}", "(a+){x}b{2}", "gi"],
    ["([a][b+])+", "([a][b+])+", "gi"],
  ])("%s is used as /%s/%s", (written, source, flags) => {
    const pattern = safePattern(written);
    expect(pattern?.source).toBe(source);
    expect([...(pattern?.flags ?? "")].sort().join("")).toBe(flags);
  });
});
