// The status page's picture in a terminal: what it looks like in a scripted hour, how it fits, and what it leaves out.
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Terminal } from "../../../../src/cli/command.ts";
import { paintFor } from "../../../../src/cli/paint.ts";
import { askFeed, isUnseen } from "../../../../src/cli/watch/ask-feed.ts";
import { clip } from "../../../../src/cli/watch/clip.ts";
import { pictureLines } from "../../../../src/cli/watch/picture.ts";
import { spark } from "../../../../src/cli/watch/spark.ts";
import type { Feed } from "../../../../src/server/status/feed.ts";
import { dollars, NOTHING, tokens } from "../../../../src/server/status/page/format.js";
import { type Mood, openScene, type Scene } from "../../../ui/scene.ts";
import { TOKEN } from "../../server/door-kit.ts";

const paint = (env: Record<string, string>) => paintFor({ env, stdout: {} } as unknown as Terminal, "stdout");
const PLAIN = paint({ NO_COLOR: "1" });
const COLOURS = paint({ FORCE_COLOR: "1" });

const scenes = new Map<Mood, Scene>();
const feeds = new Map<Mood, Feed>();

beforeAll(async () => {
  for (const mood of ["failing", "empty"] as const) {
    const scene = await openScene(mood);
    scenes.set(mood, scene);
    const feed = await askFeed({ url: new URL(scene.kit.url), secret: TOKEN, certificate: null }, 10_000);
    if (isUnseen(feed)) throw new Error(feed.problem);
    feeds.set(mood, feed);
  }
});
afterAll(async () => {
  for (const { kit } of scenes.values()) await kit[Symbol.asyncDispose]();
});

const feedOf = (mood: Mood): Feed => feeds.get(mood) as Feed;
/** Times of day are told in the time zone of whoever looks. */
const still = (text: string): string => text.replaceAll(/\b\d\d:\d\d:\d\d\b/g, "HH:MM:SS");

describe("the picture", () => {
  it.each([
    ["failing", 140, 40],
    ["failing", 80, 24],
    ["empty", 120, 40],
  ] as const)("of a gateway that is %s, in %d columns and %d lines", async (mood, width, height) => {
    const lines = pictureLines(feedOf(mood), { width, height, paint: PLAIN });
    await expect(still(`${lines.join("\n")}\n`)).toMatchFileSnapshot(
      `../../../golden/cli/status-watch-${mood}-${width}.txt`,
    );
  });

  it.each([
    [140, 40],
    [80, 24],
    [40, 10],
    [20, 4],
    [1, 1],
  ])("fits %d columns and %d lines, with colours too", (width, height) => {
    const lines = pictureLines(feedOf("failing"), { width, height, paint: COLOURS });
    expect(lines.length).toBeLessThanOrEqual(height);
    for (const line of lines) expect([...stripVTControlCharacters(line)].length).toBeLessThanOrEqual(width);
  });

  it("has no colours where none are wanted, and the same words with them", () => {
    const look = { width: 140, height: 40 };
    const plain = pictureLines(feedOf("failing"), { ...look, paint: PLAIN });
    const coloured = pictureLines(feedOf("failing"), { ...look, paint: COLOURS });
    expect(plain.join("\n")).toBe(stripVTControlCharacters(plain.join("\n")));
    expect(coloured.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(plain);
    expect(coloured.join("")).not.toBe(plain.join(""));
  });

  // A stream that broke behind its 200 was told from one that went well by its colour alone.
  it("says in words why a request did not go well", () => {
    const feed = feedOf("failing");
    const row = { ...(feed.rows[0] as Feed["rows"][0]), status: 200, served: "a/m", attempts: [] };
    const rows = [
      { ...row, outcome: "failed", kind: "stream-broken" },
      { ...row, outcome: "completed", kind: null },
    ] as const;
    const lines = pictureLines({ ...feed, rows }, { width: 200, height: 60, paint: PLAIN });
    const shown = lines
      .filter((line) => line.includes("a/m"))
      .map((line) => / {2}a\/m( · [a-z ]+?)? {2}/.exec(line)?.[1]);
    expect(shown).toEqual([undefined, " · stream broken"]);
  });

  it.each([
    [{ wanted: 2, serving: 2, outdated: 0 }, "  2 of 2 workers  "],
    [{ wanted: 4, serving: 3, outdated: 1 }, "  3 of 4 workers, 1 to be replaced  "],
  ])("says how many processes serve", (workers, words) => {
    const [head] = pictureLines(
      { ...feedOf("failing"), workers: { number: 1, ...workers } },
      { width: 200, height: 40, paint: PLAIN },
    );
    expect(head).toContain(words);
    expect(pictureLines(feedOf("failing"), { width: 200, height: 40, paint: PLAIN })[0]).not.toContain("workers");
  });

  it("says a failed reload, a drain, and a chain of which nobody is ready", () => {
    const feed = feedOf("failing");
    const chains = feed.chains.map((chain) => ({
      ...chain,
      links: chain.links.map((link) => ({ ...link, state: "open" as const })),
    }));
    const look = { width: 200, height: 40, paint: PLAIN };
    const reloaded = { result: "rejected", wall: 0, complaints: 2 } as const;
    expect(pictureLines({ ...feed, reloaded }, look)[0]).toContain("reload failed, last good one kept");
    expect(pictureLines({ ...feed, reloaded }, look)[0]).toContain("complaints: 2");
    expect(pictureLines({ ...feed, leaving: true }, look)[0]).toContain("draining");
    const head = pictureLines({ ...feed, chains }, { ...look, paint: COLOURS })[0];
    expect(head).toContain(COLOURS.bad("6 targets not ready"));
  });

  it("gives the last requests room below many agents, and says what it leaves out", () => {
    const feed = feedOf("failing");
    const chains = Array.from({ length: 50 }, (_, at) => ({
      ...(feed.chains[0] as Feed["chains"][0]),
      agent: `a${at}`,
    }));
    const lines = pictureLines({ ...feed, chains }, { width: 140, height: 30, paint: PLAIN });
    expect(lines).toHaveLength(30);
    expect(lines.filter((line) => line.includes("req_")).length).toBeGreaterThanOrEqual(6);
    expect(lines.find((line) => line.startsWith("… "))).toMatch(/^… \d+ more lines$/);
  });
});

describe("a course", () => {
  it.each([
    ["its highest step fills the line", [0, 1, 2, 4], { width: 4, floor: 0 }, "▁▃▅█"],
    ["a floor keeps small figures small", [0.01, 0.05], { width: 2, floor: 0.1 }, "▂▅"],
    ["gaps are blanks", [1, null, 1], { width: 3, floor: 0 }, "█ █"],
    ["several steps in a character: the highest of them", [1, 0, 0, 1, 0, 0], { width: 3, floor: 2 }, "▅▅▁"],
    ["the newest step ends the line where the steps do not divide", [9, 0, 0, 0, 0], { width: 3, floor: 0 }, "█▁▁"],
    ["nothing is the lowest block", [0, 0], { width: 2, floor: 0 }, "▁▁"],
  ] as const)("%s", (_sentence, course, size, drawn) => {
    expect(spark(course, size)).toBe(drawn);
  });
});

describe("tokens of a request", () => {
  it.each([
    ["are figures", { tokensIn: 700, tokensOut: 5, usage: "complete" }, "700 → 5"],
    [
      "have a plus where the answer was cut: it may be billed for more",
      { tokensIn: 700, tokensOut: 5, usage: "partial" },
      "700 → 5+",
    ],
    ["are none where nobody told any", { tokensIn: null, tokensOut: null, usage: "absent" }, NOTHING],
  ] as const)("%s", (_sentence, row, text) => {
    expect(tokens(row)).toBe(text);
  });
});

describe("dollars", () => {
  // A call of a cheap model stood there as $1.4e-7.
  it.each([
    [null, NOTHING],
    [0, "$0"],
    [1.4e-7, "< $0.000001"],
    [1.4e-6, "$0.0000014"],
    [0.034, "$0.034"],
    [2.4004, "$2.40"],
    [1234.5, "$1,235"],
  ])("%d is %s", (usd, text) => {
    expect(dollars(usd)).toBe(text);
  });
});

describe("a line", () => {
  const [red, end] = [COLOURS.bad("|").split("|")[0] as string, COLOURS.bad("|").split("|")[1] as string];
  const reset = `${red.slice(0, 2)}0m`;
  it.each([
    ["that fits stays", "abc", 3, "abc"],
    ["that is too long ends in an ellipsis", "abcd", 3, "ab…"],
    ["does not count colours", `${red}abc${end}`, 3, `${red}abc${end}`],
    ["leaves no colour open", `${red}abcd${end}`, 3, `${red}ab…${reset}`],
    ["counts signs, not code units", "😀😀", 2, "😀😀"],
  ])("%s", (_sentence, line, width, clipped) => {
    expect(clip(line, width)).toBe(clipped);
  });
});
