// Scopes take away, never give.
import { describe, expect, it } from "vitest";
import type { AuthSettings } from "../../../src/core/snapshot.ts";
import { checkScope, type Scope } from "../../../src/server/scopes.ts";

type Row = [sentence: string, header: string | undefined, scope: Scope, held: boolean];

describe("checkScope", () => {
  it.each<Row>([
    ["absent means all", undefined, "operator.write", true],
    ["empty means none", "", "operator.read", false],
    ["write allows to write", "operator.write", "operator.write", true],
    ["write holds read", "operator.write", "operator.read", true],
    ["read does not hold write", "operator.read", "operator.write", false],
    ["read allows to read", "operator.read", "operator.read", true],
    ["admin holds all", "operator.admin", "operator.write", true],
    ["a list with spaces", " operator.approvals , operator.write", "operator.write", true],
    ["unknown words hold nothing", "operator.*, root", "operator.read", false],
    ["case matters", "Operator.Write", "operator.write", false],
  ])("%s", (_sentence, header, scope, held) => {
    const headers = header === undefined ? {} : { "x-openclaw-scopes": header };
    for (const mode of ["none", "trusted-proxy"] as const) {
      const refused = checkScope(headers, mode, scope);
      expect(refused === null).toBe(held);
      if (!held)
        expect(refused).toMatchObject({
          kind: "forbidden",
          code: "missing_scope",
          detail: "missing_scope",
          message: `missing scope: ${scope}`,
          phase: "request",
        });
    }
  });

  it.each<[AuthSettings["mode"]]>([["token"], ["password"]])("a shared secret has them all: %s", (mode) => {
    expect(checkScope({ "x-openclaw-scopes": "" }, mode, "operator.write")).toBeNull();
  });
});
