// The error envelope: four keys, the row's words unless the failure brings its own, bounded.
import { describe, expect, it } from "vitest";
import { DISPOSITION, failure, type FailureKind } from "../../../src/core/failure.ts";
import { openaiErrorBody, shownName } from "../../../src/dialects/openai-error.ts";

describe("openaiErrorBody", () => {
  it.each(Object.keys(DISPOSITION) as FailureKind[])("draws %s with its row's type and code", (kind) => {
    const { type, code } = DISPOSITION[kind];
    expect(openaiErrorBody(failure(kind, "words"))).toEqual({ error: { message: "words", type, param: null, code } });
  });

  it("lets a relayed error keep its own type, code and param", () => {
    const relayed = failure("rejected", "no", { type: "image_error", code: "too_dark", param: "messages[0]" });
    expect(openaiErrorBody(relayed)).toEqual({
      error: { message: "no", type: "image_error", param: "messages[0]", code: "too_dark" },
    });
  });

  it.each([
    ["ASCII", "x", 1024],
    ["two bytes a character", "ü", 512],
    ["three bytes a character", "あ", 341],
    ["four bytes a character", "🦞", 256],
  ])("cuts a message of %s at 1 KiB, between characters", (_what, character, count) => {
    const { message } = openaiErrorBody(failure("internal", character.repeat(2000)))["error"] as { message: string };
    expect(message).toBe(character.repeat(count));
  });

  it("leaves a message of exactly 1 KiB as it is", () => {
    const text = `${"ü".repeat(511)}ab`;
    expect(openaiErrorBody(failure("internal", text))).toMatchObject({ error: { message: text } });
  });

  it("bounds code and param, which a provider may have written", () => {
    const body = openaiErrorBody(failure("rejected", "no", { code: "c".repeat(999), param: "p".repeat(999) }));
    expect(body).toMatchObject({ error: { code: "c".repeat(256), param: "p".repeat(256) } });
  });

  it("never shows the detail", () => {
    expect(JSON.stringify(openaiErrorBody(failure("auth", "no", { detail: "sk-1" })))).not.toContain("sk-1");
  });
});

describe("shownName", () => {
  it.each([
    ["a short name", "gpt-4o", "gpt-4o"],
    ["64 characters", "x".repeat(64), "x".repeat(64)],
    ["a giant", "x".repeat(20_000), `${"x".repeat(64)}…`],
  ])("shows %s", (_what, name, shown) => {
    expect(shownName(name)).toBe(shown);
  });
});
