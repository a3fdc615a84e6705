import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import { redactFailure } from "../../../src/core/redact-failure.ts";

const upper = (text: string): string => text.toUpperCase();

describe("a failure without secrets", () => {
  it("has its message, code and param cleaned, and the rest as it was", () => {
    const of = failure("rejected", "message", { code: "code", param: "param", detail: "detail", upstreamStatus: 400 });
    expect(redactFailure(of, upper)).toEqual({ ...of, message: "MESSAGE", code: "CODE", param: "PARAM" });
  });

  it("has no code and no param where there was none", () => {
    const of = failure("bad-payload", "message", {});
    expect(redactFailure(of, upper)).toMatchObject({ message: "MESSAGE", code: null, param: null });
  });
});
