// The page as people use it: signing in, reading, filtering, opening, copying; by mouse, by keyboard, on a phone, in both colours.
// `CHROMIUM` names the browser. With `SHOTS=<folder>` every view is also written there as a picture, to be looked at.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { AttemptRef, RequestEnd } from "../../src/core/events.ts";
import { Secret } from "../../src/core/secret.ts";
import {
  attemptEnded,
  attemptOf,
  attemptStarted,
  failedAttemptOf,
  requestEnded,
  requestFailed,
  requestOf,
  requestRefused,
  requestStarted,
  toldOf,
} from "../support/events.ts";
import { aTarget } from "../support/snapshot.ts";
import { auth, TOKEN } from "../unit/server/door-kit.ts";
import { type Mood, openScene, type Scene } from "./scene.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** What the recipe for containers mounts. */
const LIBRECHAT = new URL("../../deploy/compose/librechat-config.yaml", import.meta.url);
const DESKTOP = { width: 1320, height: 1000 };
const PHONE = { width: 390, height: 844 };
const SHOTS = process.env["SHOTS"] ?? null;

let browser: Browser;
const opened: { readonly context: BrowserContext; readonly scene: Scene; readonly trouble: string[] }[] = [];

beforeAll(async () => {
  const executablePath = process.env["CHROMIUM"] ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error("no Chromium: name one in CHROMIUM");
  // The sandbox of a browser needs what containers do not have; the only page it shows is ours.
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
afterAll(() => browser.close());

/** Whatever a test did: nothing was refused by the policy, nothing thrown. */
afterEach(async () => {
  for (const { context, scene, trouble } of opened.splice(0)) {
    await context.close();
    await scene.kit[Symbol.asyncDispose]();
    expect(trouble).toEqual([]);
    expect(scene.kit.bugs).toEqual([]);
  }
});

interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
}

async function visit(mood: Mood, look: Look = {}): Promise<{ readonly page: Page; readonly scene: Scene }> {
  const scene = await openScene(mood);
  const context = await browser.newContext({ viewport: DESKTOP, timezoneId: "UTC", reducedMotion: "reduce", ...look });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on("pageerror", ({ message }) => trouble.push(message));
  page.on("console", (message) => {
    // A refused sign-in is said by the browser itself.
    if (message.type() === "error" && !message.text().includes("401")) trouble.push(message.text());
  });
  opened.push({ context, scene, trouble });
  await page.goto(scene.kit.url);
  return { page, scene };
}

async function enter(mood: Mood, look: Look = {}) {
  const visited = await visit(mood, look);
  await visited.page.getByLabel("Gateway token").fill(TOKEN);
  await visited.page.getByRole("button", { name: "Sign in" }).click();
  await visited.page.waitForSelector("body:not(.loading)");
  return visited;
}

async function shoot(page: Page, name: string, height?: number): Promise<void> {
  if (SHOTS === null) return;
  mkdirSync(SHOTS, { recursive: true });
  const { width, height: visible } = page.viewportSize() ?? DESKTOP;
  const clip = { x: 0, y: 0, width, height: height ?? visible };
  await page.screenshot({ path: join(SHOTS, `${name}.png`), clip, fullPage: true });
}

describe("the door", () => {
  it("says no to a wrong token, and opens for the right one", async () => {
    const { page } = await visit("busy", { colorScheme: "dark" });
    await shoot(page, "door");
    const box = page.getByLabel("Gateway token");
    await expect.poll(() => box.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await box.fill("wrong");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("alert").textContent()).toBe("That is not it.");
    await box.fill(TOKEN);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Chains" }).waitFor();
  });

  it("keeps a cookie that scripts cannot read, and nothing else; a reload stays in, signing out goes out", async () => {
    const { page } = await enter("busy");
    expect(await page.evaluate("document.cookie + localStorage.length + sessionStorage.length")).toBe("00");
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
    expect(await page.content()).not.toContain(TOKEN);
    await page.reload();
    await page.waitForSelector("body:not(.loading)");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Gateway token").waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });
});

describe("the board", () => {
  it.each(["dark", "light"] as const)("is busy, in %s", async (colorScheme) => {
    const { page } = await enter("busy", { colorScheme });
    const cut =
      "[...document.querySelectorAll('.tile .note')].filter((each) => each.scrollWidth > each.clientWidth).length";
    expect(await page.evaluate(cut)).toBe(0);
    expect(await page.title()).toMatch(/^openclaw-edge · \d+ in flight, .* all targets ready$/);
    await shoot(page, `busy-${colorScheme}`);
    expect(await page.locator("#requests > li").count()).toBe(200);
    expect(await page.locator(".tile", { hasText: "Errors" }).getAttribute("class")).toBe("tile");
    const rows = await page.evaluate("[...document.querySelectorAll('.chain')].map((each) => each.offsetTop)");
    const [long, short, alsoShort] = rows as number[];
    expect([alsoShort, (long ?? 0) < (short ?? 0)]).toEqual([short, true]);
    expect(await page.locator(".shares").first().locator("i:visible").count()).toBe(2);
    expect(await page.locator("#requests b").first().textContent()).toMatch(/^(?:main|fast|private)$/);
    await page.getByRole("tab", { name: "openai python" }).scrollIntoViewIfNeeded();
  });

  it("shows an incident: who cools, who carries, why, and where the time went", async () => {
    const { page, scene } = await enter("failing", { colorScheme: "light" });
    const links = page.locator(".chain").first().locator(".link");
    await expect.poll(() => links.nth(0).textContent()).toMatch(/cooling 4\d s · rate limit/);
    await expect.poll(() => links.nth(1).textContent()).toMatch(/circuit open 1\d s/);
    await expect.poll(() => links.nth(2).textContent()).toContain("ready");
    const row = page.locator("#requests .row", { hasText: "2 hops" }).first();
    await row.click();
    expect(await page.locator(".waterfall li").allTextContents()).toEqual([
      expect.stringContaining("request read"),
      expect.stringContaining("openai/gpt-5.4openai#1"),
      expect.stringContaining("anthropic/claude-sonnet-4-6 (failover)"),
      expect.stringContaining("openrouter/deepseek/deepseek-v4 (failover)"),
    ]);
    await page.mouse.move(0, 0);
    expect(await page.locator(".tile", { hasText: "Errors" }).getAttribute("class")).toBe("tile bad");
    await shoot(page, "failing-light", 1_236);
    scene.second();
    await expect.poll(() => links.nth(0).textContent()).toMatch(/cooling 41 s/);
    await expect.poll(() => page.locator("#requests > .new").count()).toBeGreaterThan(0);
    expect(await page.locator(".waterfall").count()).toBe(1);
  });

  it("tells the clients' faults from ours, says who failed and how in our own words, and why an answer ended", async () => {
    const { page, scene } = await enter("empty", { colorScheme: "light" });
    const [target, at] = [aTarget("openai/gpt-5.4"), scene.clock.now()];
    const times = { startedAt: at, openedAt: at + 1, firstByteAt: at + 40, committedAt: at + 41, endedAt: at + 64 };
    const early = { startedAt: at, openedAt: at + 1, endedAt: at + 64 };
    const request = requestOf({ startedAt: at, bodyAt: at });
    const tell = (attempt: AttemptRef, end: RequestEnd) => {
      for (const event of [
        requestStarted(request),
        attemptStarted(attempt, { request }),
        attemptEnded(attempt, request),
        end,
      ])
        scene.board.hear(event);
    };
    const rejected = failedAttemptOf(target, "rejected", { ...early, status: 400 });
    for (let each = 0; each < 3; each += 1) tell(rejected, requestFailed([rejected], { request }));
    const good = attemptOf(target, { ...times, told: toldOf({ finish: "length" }) });
    tell(good, requestEnded([good], { request }));
    const tile = page.locator(".tile", { hasText: "Errors" });
    scene.second();
    await expect.poll(() => tile.textContent()).toContain("0 of 4");
    expect(await page.evaluate("document.body.dataset.mood")).toBe("ok");
    const lost = failedAttemptOf(target, "stream-broken", { ...times, status: 200 });
    tell(lost, requestFailed([lost], { request, status: 200 }));
    const broken = failedAttemptOf(target, "server-error", { ...early, status: 500 });
    tell(broken, requestFailed([broken], { request, status: 500 }));
    const limited = failedAttemptOf(aTarget("anthropic/claude-sonnet-4-6"), "rate-limited", { ...early, number: 2 });
    const passedOn = { request, status: 500, failure: broken.failure };
    for (const event of [requestStarted(request), requestFailed([broken, limited], passedOn)]) scene.board.hear(event);
    const refused = { at: at + 1, startedAt: at } as const;
    scene.board.hear(requestRefused("unauthorized", {}, refused));
    scene.second();
    await expect.poll(() => tile.textContent()).toContain("3 of 7");
    expect(await page.evaluate("document.body.dataset.mood")).toBe("bad");
    expect(await page.locator("#requests .route").allTextContents()).toEqual([
      "/v1/chat/completions→ unauthorized",
      "main→ openai/gpt-5.4· server error1 hop",
      "main→ openai/gpt-5.4· server error",
      "main→ openai/gpt-5.4· stream broken",
      "main→ openai/gpt-5.4",
      ...Array.from({ length: 3 }, () => "main→ openai/gpt-5.4· rejected"),
    ]);
    for (const row of (await page.locator("#requests .row").all()).slice(2, 6)) await row.click();
    await expect.poll(() => page.locator(".link").first().textContent()).toContain("server\u00a0error");
    const took = await page.locator(".waterfall .took").allTextContents();
    expect(took).toEqual([
      expect.stringContaining("64 ms · 500 · server error"),
      expect.stringContaining("64 ms · 200 · stream broken"),
      expect.stringContaining("64 ms · 200"),
      expect.stringContaining("64 ms · 400 · rejected"),
    ]);
    const endings = await page.locator(".detail div", { hasText: "finish" }).allTextContents();
    expect(endings).toEqual(["finishlength"]);
    await shoot(page, "faults", 1_300);
  });

  it("is calm when nothing has happened, and says how to begin", async () => {
    const { page } = await enter("empty", { colorScheme: "light" });
    await page.getByText("No request yet.").waitFor();
    await page.getByText("no prices known").waitFor();
    await shoot(page, "empty", 1_420);
  });

  it("fits a phone, both ways", async () => {
    const { page } = await enter("failing", { viewport: PHONE, colorScheme: "dark" });
    await page.locator("#requests .row", { hasText: "2 hops" }).first().click();
    const overflow = "document.documentElement.scrollWidth - innerWidth";
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await shoot(page, "phone", 2_600);
    const [copy, code] = [
      await page.getByRole("button", { name: "Copy" }).boundingBox(),
      await page.locator("#code").boundingBox(),
    ];
    expect((copy?.y ?? 0) + (copy?.height ?? 0)).toBeLessThanOrEqual(code?.y ?? 0);
    await page.setViewportSize({ width: PHONE.height, height: PHONE.width });
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });

  it("says when its news are old, and goes on by itself when they are not", async () => {
    const { page, scene } = await enter("busy");
    const live = page.locator("#live");
    await expect.poll(() => live.textContent(), { timeout: 15_000 }).toMatch(/no news for \d+ s/);
    scene.second();
    await expect.poll(() => live.textContent(), { timeout: 5_000 }).toBe("live");
  });

  it("asks for the token again when the session is over", async () => {
    const { page, scene } = await enter("busy");
    await page.context().clearCookies();
    scene.kit.holder.current = { ...scene.kit.holder.current, gateway: { ...scene.kit.holder.current.gateway } };
    scene.second();
    await page.getByLabel("Gateway token").waitFor({ timeout: 15_000 });
  });
});

describe("by keyboard", () => {
  it("filters: a slash goes to the box, words narrow, Escape clears", async () => {
    const { page } = await enter("busy");
    await page.keyboard.press("/");
    await page.keyboard.type("gemini");
    const shown = page.locator("#requests > li:not([hidden])");
    for (const text of await shown.allTextContents()) expect(text).toContain("gemini");
    expect(await page.locator("#count").textContent()).toMatch(/^\d+ of 200 requests$/);
    await page.keyboard.type(" nowhere");
    await page.getByText("No request is like that.").waitFor();
    await page.keyboard.press("Escape");
    expect(await shown.count()).toBe(200);
  });

  it("opens a request, and closes it", async () => {
    const { page } = await enter("busy");
    const row = page.locator("#requests .row").first();
    await row.focus();
    await page.keyboard.press("Enter");
    expect(await row.getAttribute("aria-expanded")).toBe("true");
    await page.locator("#requests .detail").first().getByText("trace").waitFor();
    await page.keyboard.press("Space");
    expect(await row.getAttribute("aria-expanded")).toBe("false");
  });

  it("chooses a client by arrows, and its text names this gateway and the chosen agent", async () => {
    const { page, scene } = await enter("busy");
    await page.getByRole("tab", { name: "curl" }).focus();
    await page.keyboard.press("ArrowLeft");
    expect(await page.getByRole("tab", { selected: true }).textContent()).toBe("LibreChat");
    await page.getByLabel("Model").selectOption("openclaw/fast");
    const code = page.getByRole("tabpanel");
    for (const name of ["curl", "openai js", "openai python", "Open WebUI", "LibreChat"]) {
      await page.getByRole("tab", { name }).click();
      expect(await code.textContent()).toContain(`${scene.kit.url}/v1`);
      expect(await code.textContent()).toContain("OPENCLAW_GATEWAY_TOKEN");
    }
    expect(await code.textContent()).toContain("openclaw/fast");
  });

  // LibreChat takes no file without a version, Open WebUI's database wins over variables, and both mostly run in containers.
  it("has texts that work where they are pasted", async () => {
    const { page } = await enter("busy");
    const code = page.locator("#code");
    await page.getByRole("tab", { name: "LibreChat" }).click();
    const { version } = parse(readFileSync(LIBRECHAT, "utf8")) as { readonly version: string };
    expect(parse((await code.textContent()) ?? "")).toMatchObject({ version, endpoints: { custom: [{}] } });
    expect(await code.textContent()).toContain("host.docker.internal");
    await page.getByRole("tab", { name: "Open WebUI" }).click();
    expect(await code.textContent()).toContain("host.docker.internal");
    expect(await code.textContent()).toContain("\nENABLE_PERSISTENT_CONFIG=false");
  });

  it.each([
    ["password", "OPENCLAW_GATEWAY_PASSWORD"],
    ["none", "none"],
  ] as const)("and in mode %s asks for %s", async (mode, shown) => {
    const { page, scene } = await visit("empty");
    const { holder } = scene.kit;
    const settings = auth({
      mode,
      token: null,
      password: mode === "none" ? null : new Secret("pass-phrase-of-this-test"),
    });
    holder.current = { ...holder.current, gateway: { ...holder.current.gateway, auth: settings } };
    await page.reload();
    await page.evaluate("document.body.dataset.view = 'board'");
    for (const name of ["openai js", "openai python", "Open WebUI", "LibreChat"]) {
      await page.getByRole("tab", { name }).click();
      expect(await page.getByRole("tabpanel").textContent()).toContain(shown);
    }
    await page.getByRole("tab", { name: "curl" }).click();
    const curl = await page.locator("#code").textContent();
    expect(curl?.includes("Authorization")).toBe(mode !== "none");
    expect(curl).not.toContain("OPENCLAW_GATEWAY_TOKEN");
  });

  it("copies what is shown", async () => {
    const { page } = await enter("busy");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByText("copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(await page.locator("#code").textContent());
  });
});

describe("for readers of the screen", () => {
  it("every control and every course has a name", async () => {
    const { page } = await enter("failing");
    const tree = await page.locator("body").ariaSnapshot();
    expect(tree).not.toMatch(/- (?:button|textbox|searchbox|combobox|tab|img)(?:$|\n)/m);
    expect(tree).toMatch(/img "Errors: \d+ % ; ten minutes, at most/);
    expect(tree).toContain(`heading "Chains"`);
  });

  it("a change of health is said once, a change of figures is not", async () => {
    const { page, scene } = await enter("failing");
    const news = page.locator("#news");
    expect(await news.textContent()).toBe("");
    scene.recover();
    scene.second();
    await expect.poll(() => news.textContent()).toContain("openai/gpt-5.4 is ready");
  });
});
