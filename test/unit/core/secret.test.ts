// A secret does not come out by any way of printing it.
import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";

const CANARY = "sk-canary-0123456789";
const secret = new Secret(CANARY);
const around = { provider: { name: "p", key: secret, headers: new Secret(["authorization", `Bearer ${CANARY}`]) } };

describe("Secret", () => {
  const ways: readonly [string, () => string][] = [
    ["a template", () => `${secret}`],
    ["adding to a text", () => "key: " + secret],
    ["String()", () => String(secret)],
    ["JSON", () => JSON.stringify(around)],
    ["JSON with indentation", () => JSON.stringify([secret], null, 2)],
    ["inspect", () => inspect(around, { depth: null, showHidden: true })],
    [
      "inspect without custom inspection",
      () => inspect(around, { depth: null, customInspect: false, showHidden: true }),
    ],
    ["format", () => format("%s %o %O %j", secret, secret, secret, secret)],
    ["its keys and values", () => [...Object.keys(secret), ...Object.values(secret)].join()],
    ["spreading it", () => JSON.stringify({ ...secret })],
    ["cloning its fields", () => JSON.stringify(Object.getOwnPropertyDescriptors(secret))],
    ["an error that carries it", () => inspect(new Error("failed", { cause: secret }), { depth: null })],
    ["joining a list", () => [secret, secret].join()],
  ];
  it.each(ways)("%s does not show it", (_way, print) => {
    expect(print()).not.toContain("canary");
  });

  it("gives its value to who asks by name", () => {
    expect(secret.reveal()).toBe(CANARY);
    expect(around.provider.headers.reveal()[1]).toContain(CANARY);
  });

  it("says that something is hidden", () => {
    expect(`${secret}`).toBe("[secret]");
    expect(inspect(secret)).toBe("[secret]");
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
  });
});
