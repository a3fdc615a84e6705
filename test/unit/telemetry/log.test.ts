// The process's log: what is said, in which shape, and what is never said.
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { createLog, type LogParts, type LogReader } from "../../../src/telemetry/log.ts";
import type { LogFields } from "../../../src/telemetry/log-fields.ts";
import { createRedactor } from "../../../src/telemetry/redact.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RecorderDestination } from "./recorder-destination.ts";

const CANARY = "hunter2-of-the-gateway";
const TIME = "2026-01-02T03:04:05.000Z";

function logOf(more: Partial<LogReader> & Partial<Pick<LogParts, "redact" | "redactValues" | "clock">> = {}) {
  const destination = new RecorderDestination();
  const { redact = createRedactor([CANARY], []), redactValues, clock = new FakeClock(), ...reader } = more;
  const readers: LogReader[] = [{ level: "info", style: "json", to: destination, ...reader }];
  const log = createLog({
    readers,
    redact,
    clock,
    ...(redactValues !== undefined && { redactValues }),
  });
  return { destination, log };
}

async function recorded(message: string, fields?: LogFields): Promise<Record<string, unknown>> {
  const { destination, log } = logOf();
  log.error(message, fields);
  await log.flush();
  return destination.records[0] ?? {};
}

describe("a log line", () => {
  it("is one JSON object with level, time, fields and message", async () => {
    const { destination, log } = logOf();
    log.info("listening", { addresses: ["http://127.0.0.1:1"], revision: "r1", port: 1, ok: true, nothing: null });
    await log.flush();
    expect(destination.lines).toEqual([
      `{"level":"info","time":"${TIME}","addresses":["http://127.0.0.1:1"],"revision":"r1","port":1,"ok":true,"nothing":null,"msg":"listening"}`,
    ]);
  });

  it.each([
    ["error", ["error"]],
    ["warn", ["error", "warn"]],
    ["info", ["error", "warn", "info"]],
    ["debug", ["error", "warn", "info", "debug"]],
    ["trace", ["error", "warn", "info", "debug"]],
    ["silent", []],
    ["no such level", ["error", "warn", "info"]],
  ])("at level %s is written for %j", async (level, expected) => {
    const { destination, log } = logOf({ level });
    for (const at of ["error", "warn", "info", "debug"] as const) log[at]("x");
    await log.flush();
    expect(destination.records.map((record) => record["level"])).toEqual(expected);
  });

  it.each([
    ["info", "info", 1],
    ["warn", "info", 0],
    ["warn", "warn", 1],
    ["silent", "warn", 0],
  ] as const)("that is ready-made at level %s and of level %s: %i", async (level, of, count) => {
    const { destination, log } = logOf({ level });
    log.linesFor("json")?.(`{"ready":"made"}`, of);
    await log.flush();
    expect(destination.lines).toHaveLength(count);
  });

  it("comes in order with ready-made ones", async () => {
    const { destination, log } = logOf();
    log.info("one");
    log.linesFor("json")?.(`{"msg":"two"}`, "info");
    log.info("three");
    await log.flush();
    expect(destination.records.map((record) => record["msg"])).toEqual(["one", "two", "three"]);
  });

  it("takes percent signs as they are", async () => {
    expect(await recorded("100 %s %d %%", { a: "%s" })).toMatchObject({ msg: "100 %s %d %%", a: "%s" });
  });
});

describe("values in a log line", () => {
  const circular: Record<string, unknown> = { name: "loop" };
  circular["self"] = circular;

  it.each<[string, unknown, unknown]>([
    ["a secret", new Secret(CANARY), "[secret]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a big number", 10n ** 20n, "100000000000000000000"],
    ["no number", Number.NaN, "NaN"],
    ["bytes, which may be a body", Buffer.from("a prompt"), "[8 bytes]"],
    ["a map", new Map([["a", 1]]), { a: 1 }],
    ["a set", new Set([1, 2]), [1, 2]],
    ["a list with holes", [1, undefined, () => 1], [1, null, null]],
    [
      "an object whose members throw",
      {
        get a() {
          throw new Error("no");
        },
      },
      "[unreadable]",
    ],
    [
      "a field with a secret name",
      { password: "abc", apiKey: "a".repeat(20) },
      { password: "***", apiKey: "aaaaaa…aaaa" },
    ],
    ["a secret name with a number", { tokens: 5, token: 5 }, { tokens: 5, token: 5 }],
  ])("%s", async (_what, value, expected) => {
    expect((await recorded("x", { value }))["value"]).toEqual(expected);
  });

  it("leaves out what JSON has no word for", async () => {
    expect(Object.keys(await recorded("x", { a: undefined, b: () => 1, c: Symbol("c") }))).toEqual([
      "level",
      "time",
      "msg",
    ]);
  });

  it("ends in objects that hold themselves", async () => {
    expect(JSON.stringify(await recorded("x", { circular }))).toContain("[deep]");
  });

  it("is bounded: texts, lists, members", async () => {
    const record = await recorded("m".repeat(9_000), {
      text: "t".repeat(9_000),
      list: Array.from({ length: 500 }, (_, at) => at),
      members: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`m${at}`, at])),
    });
    expect(String(record["msg"])).toHaveLength(8 * 1024 + 1);
    expect(String(record["text"])).toHaveLength(8 * 1024 + 1);
    expect(record["list"]).toHaveLength(64);
    expect(Object.keys(record["members"] as object)).toHaveLength(64);
  });

  it("tells an error with type, stack, code and causes", async () => {
    const cause = Object.assign(new TypeError("inner"), { code: "ECONNRESET" });
    const { error } = (await recorded("a bug", { error: new Error("outer", { cause }) })) as { error: unknown };
    expect(error).toMatchObject({
      type: "Error",
      message: "outer",
      stack: expect.stringContaining("log.test.ts"),
      cause: { type: "TypeError", message: "inner", code: "ECONNRESET" },
    });
  });

  it("tells the errors of an aggregate", async () => {
    const error = new AggregateError([new Error("one"), "two"], "both");
    expect((await recorded("x", { error }))["error"]).toMatchObject({ errors: [{ message: "one" }, "two"] });
  });

  it("takes a thrown thing that is no error", async () => {
    expect((await recorded("x", { error: "just a text" }))["error"]).toBe("just a text");
  });
});

const nested = new Error("outer", { cause: new Error(`cause ${CANARY}`, { cause: new Error(`deeper ${CANARY}`) }) });

/** Ways by which a secret comes near the log (M02). */
const WAYS: readonly (readonly [way: string, message: string, fields: LogFields])[] = [
  ["the message", `it is ${CANARY}`, {}],
  ["a field", "x", { a: `it is ${CANARY}` }],
  ["a nested field", "x", { a: { b: [{ c: `it is ${CANARY}` }] } }],
  ["the name of a field", "x", { [CANARY]: 1 }],
  ["an error's message and stack", "x", { error: new Error(`it is ${CANARY}`) }],
  ["the cause of a cause", "x", { error: nested }],
  ["an error among several", "x", { error: new AggregateError([new Error(CANARY)], "x") }],
  [
    "a member of an error",
    "x",
    { error: Object.assign(new Error("x"), { headers: { authorization: `Bearer ${CANARY}` } }) },
  ],
  ["a list of headers", "x", { headers: ["authorization", `Bearer ${CANARY}`] }],
  ["a map", "x", { map: new Map([["k", CANARY]]) }],
  ["a field by its name only", "x", { password: "unknown-value-unknown-value", note: CANARY }],
];

describe("secrets near the log", () => {
  it.each(WAYS)("do not pass by %s", async (_way, message, fields) => {
    for (const style of ["json", "pretty"] as const) {
      const { destination, log } = logOf({ style, level: "debug" });
      log.debug(message, fields);
      log.error(message, fields);
      await log.flush();
      expect(destination.lines.length).toBeGreaterThan(1);
      expect(destination.lines.join("\n")).not.toContain("hunter2");
      expect(destination.lines.join("\n")).not.toContain("unknown-value-unknown-value");
    }
  });
});

const HOSTILE = `a"\n{"level":"error"}\r\u001b[2J\u009b31m\u2028\u202e\u0000`;

describe("words of others in the log (M05)", () => {
  it("stay on their line and cannot act on a terminal", async () => {
    const { destination, log } = logOf();
    log.warn(HOSTILE, { a: HOSTILE, [HOSTILE]: 1, error: new Error(HOSTILE) });
    await log.flush();
    expect(destination.lines).toHaveLength(1);
    expect(destination.lines[0]).toMatch(/^[\x20-\x7e]*$/);
    expect(destination.records[0]?.["msg"]).toBe(HOSTILE);
  });

  it("stay harmless in the pretty style, where only stacks have lines of their own, and those are indented", async () => {
    const { destination, log } = logOf({ style: "pretty" });
    log.warn(HOSTILE, { a: HOSTILE, error: new Error(HOSTILE) });
    await log.flush();
    const [first = "", ...stack] = destination.lines;
    expect(first).toMatch(/^03:04:05\.000 WARN {2}a"/);
    expect(stack.length).toBeGreaterThan(1);
    for (const line of stack) expect(line).toMatch(/^ {4}\S/);
    for (const line of destination.lines) expect(line).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe("the pretty style", () => {
  it("is one line: time, level, message, fields", async () => {
    const { destination, log } = logOf({ style: "pretty" });
    log.info("listening", { port: 1, source: "/a/b.json", text: "two words", list: ["a b", { c: 1 }] });
    await log.flush();
    expect(destination.lines).toEqual([
      `03:04:05.000 INFO  listening port=1 source=/a/b.json text="two words" list=["a b",{"c":1}]`,
    ]);
  });

  it("has colours where they are wanted", async () => {
    const { destination, log } = logOf({ style: "pretty", colour: true });
    log.warn("x");
    await log.flush();
    expect(destination.lines[0]).toContain("\u001b[33mWARN \u001b[39m");
  });
});

describe("a reader that stands still", () => {
  it("costs lines, not time, and the log tells how many", async () => {
    const clock = new FakeClock();
    const { destination, log } = logOf({ clock });
    destination.stuck = true;
    log.info("under way");
    await clock.advanceAsync(20);
    for (let at = 0; at < 5; at += 1) log.linesFor("json")?.("x".repeat(1024 * 1024), "info");
    expect(log.dropped).toBe(2);
    destination.release();
    await log.flush();
    const last = JSON.parse(destination.lines.at(-1) ?? "") as object;
    expect(last).toMatchObject({ level: "warn", lines: 2, msg: "log lines were lost: nobody took them" });
  });
});

describe("several readers", () => {
  function readersOf(levels: { readonly screen: string; readonly file: string }) {
    const screen = new RecorderDestination();
    const file = new RecorderDestination();
    const exported: string[] = [];
    const log = createLog({
      readers: [
        { style: "pretty", level: levels.screen, to: screen },
        { style: "json", level: levels.file, to: file },
        { style: "json", level: "error", to: (line) => exported.push(line) },
      ],
      redact: createRedactor([CANARY], []),
      redactValues: createRedactor([CANARY], null),
      clock: new FakeClock(),
    });
    return { screen, file, exported, log };
  }

  it("have each their style and their level", async () => {
    const { screen, file, exported, log } = readersOf({ screen: "warn", file: "debug" });
    log.debug("one");
    log.warn("two");
    log.error("three");
    await log.flush();
    expect(screen.lines.map((line) => line.slice(13))).toEqual(["WARN  two", "ERROR three"]);
    expect(file.records.map(({ msg }) => msg)).toEqual(["one", "two", "three"]);
    expect(exported.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(["three"]);
  });

  it("get ready-made lines of their style; for a style that nobody reads none need be made", async () => {
    const { screen, file, exported, log } = readersOf({ screen: "info", file: "warn" });
    log.linesFor("json")?.(`{"level":"info"}`, "info");
    log.linesFor("json")?.(`{"level":"error"}`, "error");
    log.linesFor("pretty")?.("INFO for people", "info");
    await log.flush();
    expect(file.lines).toEqual([`{"level":"error"}`]);
    expect(exported).toEqual([`{"level":"error"}`]);
    expect(screen.lines).toEqual(["INFO for people"]);
    expect(logOf().log.linesFor("pretty")).toBeNull();
  });

  it("never get a known secret, not even in a line that whoever made it forgot to clean", async () => {
    const { file, log } = readersOf({ screen: "info", file: "info" });
    log.linesFor("json")?.(`{"oops":"${CANARY}"}`, "info");
    await log.flush();
    expect(file.lines).toEqual([`{"oops":"***"}`]);
  });
});
