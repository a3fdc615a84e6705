import { describe, expect, it } from "vitest";
import { substitute } from "../../../src/config/substitute.ts";

const ENV = { KEY: "k", HOST: "h", EMPTY: "", _X1: "x" };

describe("variables in texts", () => {
  it.each<[string, string, string, string[]]>([
    ["a text without any", "plain $KEY $ {KEY}", "plain $KEY $ {KEY}", []],
    ["a whole text", "${KEY}", "k", ["KEY whole set"]],
    ["a part of a text", "http://${HOST}/v1", "http://h/v1", ["HOST part set"]],
    ["several", "${KEY}${_X1}", "kx", ["KEY part set", "_X1 part set"]],
    ["an escaped one", "$${KEY}", "${KEY}", []],
    ["an escaped one beside a real one", "$${KEY}=${KEY}", "${KEY}=k", ["KEY part set"]],
    ["an unset one", "${NOPE}", "${NOPE}", ["NOPE whole unset"]],
    ["an empty one, which counts as unset", "a${EMPTY}", "a${EMPTY}", ["EMPTY part unset"]],
    ["a lower-case name, which is plain text", "${key}", "${key}", []],
    ["a name that starts with a digit", "${1KEY}", "${1KEY}", []],
    ["an unfinished one", "${KEY", "${KEY", []],
    [
      "a name that every object has",
      "${CONSTRUCTOR} ${__proto__}",
      "${CONSTRUCTOR} ${__proto__}",
      ["CONSTRUCTOR part unset"],
    ],
  ])("%s", (_sentence, written, text, said) => {
    const result = substitute(written, ENV, ["a"]);
    expect(result.text).toBe(text);
    const told = result.references.map(
      ({ variable, whole, set }) => `${variable} ${whole ? "whole" : "part"} ${set ? "set" : "unset"}`,
    );
    expect(told).toEqual(said);
  });

  it("does not look for variables in what a variable holds", () => {
    expect(substitute("${A}", { A: "${KEY}", KEY: "k" }, []).text).toBe("${KEY}");
  });
});
