// A gateway in a chosen situation: the real door and the real board on a real port, with ten minutes of events played on a clock of its
// own. The same seed makes the same page.
import type { AttemptRef, ProxyEvent, RequestRef } from "../../src/core/events.ts";
import type { FailureKind } from "../../src/core/failure.ts";
import type { Snapshot, Target } from "../../src/core/snapshot.ts";
import type { NotReady } from "../../src/core/standing.ts";
import type { LiveBoard } from "../../src/telemetry/live/board.ts";
import {
  attemptEnded,
  attemptOf,
  attemptStarted,
  configReloaded,
  failedAttemptOf,
  requestEnded,
  requestFailed,
  requestOf,
  requestRefused,
  requestStarted,
  toldOf,
} from "../support/events.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { carriedBoard } from "../support/running.ts";
import { aCredential, anAgent, aTarget } from "../support/snapshot.ts";
import { DoorKit, snapshot } from "../unit/server/door-kit.ts";

const MINUTES = 10;
const OPENAI = aTarget("openai/gpt-5.4", { credentials: [aCredential("openai#1"), aCredential("openai#2")] });
const ANTHROPIC = aTarget("anthropic/claude-sonnet-4-6", { api: "anthropic-messages" });
const ROUTER = aTarget("openrouter/deepseek/deepseek-v4");
const LOCAL = aTarget("lmstudio/qwen3-32b", { local: true });
const GEMINI = aTarget("google/gemini-3-flash", { api: "google-generative-ai" });

/** How the world is. */
export type Mood = "busy" | "failing" | "empty";

/** A gateway to look at. */
export interface Scene {
  readonly kit: DoorKit;
  readonly clock: FakeClock;
  readonly board: LiveBoard;
  /** One second of the same, drawn. */
  second(): void;
  /** Nothing cools any more. */
  recover(): void;
}

/** Opens it. */
export async function openScene(mood: Mood): Promise<Scene> {
  const clock = new FakeClock(Date.UTC(2026, 10, 21, 9, 30, 0));
  const board = carriedBoard({ redact: (text) => text, wall: () => clock.wall(), costOf });
  const player = new Player(board, clock, mood);
  let cooling: readonly NotReady[] = [];
  const notReady = (): readonly NotReady[] => cooling;
  const parts = { board, notReady, version: "0.1.0" };
  const kit = await DoorKit.open({ clock, snapshot: situation(), parts });
  clock.advance(3 * 3_600_000);
  if (mood !== "empty") {
    player.play(MINUTES * 30);
    board.hear(configReloaded("swapped"));
    player.play(MINUTES * 30);
  }
  if (mood === "failing") cooling = troubles(clock.now());
  return {
    kit,
    clock,
    board,
    second() {
      if (mood !== "empty") player.play(1);
      else clock.advance(1_000);
    },
    recover() {
      cooling = [];
    },
  };
}

function situation(): Snapshot {
  const main = anAgent("main", [OPENAI, ANTHROPIC, ROUTER], { name: "Main" });
  const fast = anAgent("fast", [GEMINI, OPENAI]);
  const private_ = anAgent("private", [LOCAL], { name: "Private" });
  const agents = new Map([main, fast, private_].map((agent) => [agent.id, agent]));
  return snapshot({ agents, revision: "7c41f09ab2d6e853" });
}

const COSTS = new Map([
  [OPENAI.id, 0.004],
  [ANTHROPIC.id, 0.007],
  [ROUTER.id, 0.0009],
  [GEMINI.id, 0.0006],
]);

function costOf({ id }: Target): number | null {
  return COSTS.get(id) ?? null;
}

/** What cools since an instant. */
function troubles(troubledAt: number): NotReady[] {
  const cooling = { of: "credential", provider: "openai", target: OPENAI.id, state: "cooling" } as const;
  const limited = { ...cooling, reason: "rate_limit", until: troubledAt + 42_000, failures: 3 } as const;
  return [
    { ...limited, credential: "openai#1" },
    { ...limited, credential: "openai#2", until: troubledAt + 55_000 },
    {
      of: "target",
      provider: "anthropic",
      target: ANTHROPIC.id,
      credential: null,
      state: "open",
      reason: "breaker",
      until: troubledAt + 17_000,
      failures: 6,
    },
  ];
}

/** What a failing provider answered with. */
const STATUS: Readonly<Record<string, number>> = { "rate-limited": 429, "server-error": 500 };

/** Plays requests as the corridor tells them. */
class Player {
  readonly #board: LiveBoard;
  readonly #clock: FakeClock;
  readonly #mood: Mood;
  #seed = 20_261_121;
  #count = 0;
  #second = 0;

  constructor(board: LiveBoard, clock: FakeClock, mood: Mood) {
    this.#board = board;
    this.#clock = clock;
    this.#mood = mood;
  }

  play(seconds: number): void {
    for (let each = 0; each < seconds; each += 1) {
      this.#second += 1;
      const wave = 5 + 3 * Math.sin(this.#second / 70) + 2 * Math.sin(this.#second / 13);
      for (let n = wave + 2 * this.#chance(); n > 1; n -= 1) this.#request();
      this.#clock.advance(1_000);
    }
  }

  #request(): void {
    const request = this.#ref(this.#clock.now() + 1_000 * this.#chance());
    const dice = this.#chance();
    if (dice < 0.004) {
      this.#later(requestRefused("unauthorized", {}, this.#stamp(request)));
      return;
    }
    this.#later(requestStarted(request));
    const isIncident = this.#mood === "failing" && this.#second > 420;
    if (isIncident) this.#troubled(request, dice);
    else if (dice < 0.02 && request.agent === "main") this.#served(request, [[OPENAI, "rate-limited"]], ANTHROPIC);
    else if (dice < 0.03 && request.agent === "main") this.#served(request, [[OPENAI, "commit-timeout"]], ANTHROPIC);
    else this.#served(request, [], this.#usual(request, dice));
  }

  #usual({ agent }: RequestRef, dice: number): Target {
    if (agent === "private") return LOCAL;
    if (agent === "fast") return dice < 0.9 ? GEMINI : OPENAI;
    return dice < 0.93 ? OPENAI : ANTHROPIC;
  }

  /** Two providers of the main chain are out; its third one fails now and then. */
  #troubled(request: RequestRef, dice: number): void {
    if (request.agent !== "main") this.#served(request, [], this.#usual(request, 0));
    else if (dice < 0.16) this.#lost(request);
    else if (dice < 0.55) this.#served(request, [[OPENAI, "rate-limited"]], ROUTER);
    else
      this.#served(
        request,
        [
          [OPENAI, "rate-limited"],
          [ANTHROPIC, "commit-timeout"],
        ],
        ROUTER,
      );
  }

  #served(request: RequestRef, before: readonly (readonly [Target, FailureKind])[], by: Target): void {
    const failed = this.#failed(request, before);
    const startedAt = (failed.at(-1)?.endedAt ?? request.bodyAt) + 0.15 + 0.2 * this.#chance();
    const openedAt = startedAt + (this.#chance() < 0.1 ? 38 : 0.4);
    const firstByteAt = openedAt + 180 + 500 * this.#chance() ** 3;
    const committedAt = firstByteAt + 4 + 30 * this.#chance();
    const output = Math.round(60 + 700 * this.#chance() ** 2);
    const endedAt = committedAt + output * 8;
    const usage = { input: Math.round(400 + 4_000 * this.#chance() ** 2), output };
    const times = { startedAt, openedAt, firstByteAt, committedAt, endedAt };
    const because = failed.length === 0 ? "first" : "failover";
    const attempt = attemptOf(by, { ...times, because, number: failed.length + 1, told: toldOf({ usage }) });
    this.#tell(request, [...failed, attempt]);
    const end = { request, firstWriteAt: committedAt + 0.1, at: endedAt + 0.1 };
    if (this.#chance() < 0.012) this.#later(requestEnded([...failed, attempt], { ...end, outcome: "cancelled" }));
    else this.#later(requestEnded([...failed, attempt], end));
  }

  #lost(request: RequestRef): void {
    const chain = [OPENAI, ANTHROPIC, ROUTER] as const;
    const kinds = ["rate-limited", "commit-timeout", "server-error"] as const;
    const failed = this.#failed(
      request,
      chain.map((target, index) => [target, kinds[index] ?? "server-error"] as const),
    );
    this.#tell(request, failed);
    this.#later(requestFailed(failed, { request, at: (failed.at(-1)?.endedAt ?? 0) + 0.2 }));
  }

  #failed(request: RequestRef, list: readonly (readonly [Target, FailureKind])[]): AttemptRef[] {
    let at = request.bodyAt + 0.2;
    return list.map(([target, kind], index) => {
      const isSlow = kind === "commit-timeout";
      const endedAt = at + (isSlow ? 2_000 : 60 + 120 * this.#chance());
      const times = { startedAt: at, openedAt: at + 0.4, endedAt, status: STATUS[kind] ?? null, number: index + 1 };
      at = endedAt + 0.3;
      return failedAttemptOf(target, kind, { ...times, because: index === 0 ? "first" : "failover" });
    });
  }

  #tell(request: RequestRef, attempts: readonly AttemptRef[]): void {
    for (const attempt of attempts) {
      this.#later(attemptStarted(attempt, { request }));
      this.#later(attemptEnded(attempt, request));
    }
  }

  /** Told when its instant has come. */
  #later(event: ProxyEvent): void {
    this.#clock.timer(event.at - this.#clock.now(), () => this.#board.hear(event));
  }

  #ref(startedAt: number): RequestRef {
    this.#count += 1;
    const trace = { ...requestOf().trace, traceId: hex(this.#count, 32) };
    const dice = this.#chance();
    const agent = dice < 0.68 ? "main" : dice < 0.9 ? "fast" : "private";
    const bodyAt = startedAt + 0.4 + 3 * this.#chance();
    const which = { agent, requested: `openclaw/${agent}`, stream: this.#chance() < 0.85 };
    return requestOf({ id: `req_${trace.traceId}`, trace, ...which, startedAt, bodyAt });
  }

  #stamp({ id, startedAt }: RequestRef) {
    return { requestId: id, startedAt, at: startedAt + 1, endpoint: "/v1/chat/completions" };
  }

  #chance(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}

function hex(count: number, digits: number): string {
  return (BigInt(count) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16).slice(-digits).padStart(digits, "0");
}
