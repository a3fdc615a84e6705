// Where snapshots go: onto a terminal's second screen, redrawn in place; without a terminal, one after the other as text or as JSON.
import type { Feed } from "../../server/status/feed.ts";
import { timeOfDay } from "../../server/status/page/format.js";
import type { Terminal } from "../command.ts";
import { isWatched } from "../paint.ts";
import { clip } from "./clip.ts";
import { lookOf } from "./look.ts";
import { pictureLines } from "./picture.ts";
import { Screen } from "./screen.ts";

/** What shows snapshots. */
export interface Canvas {
  show(feed: Feed): void;
  /** The gateway is away; what was seen last may stay. */
  miss(problem: string): void;
  close(): void;
}

/** The canvas that fits: JSON where it is asked for, a screen where there is a terminal that can, else plain text. */
export function canvasFor(terminal: Terminal, json: boolean): Canvas {
  const { stdout, stderr, env } = terminal;
  if (!json && isWatched(terminal, "stdout") && env["TERM"] !== "dumb") return new ScreenCanvas(terminal);
  return {
    show(feed) {
      stdout.write(json ? `${JSON.stringify(feed)}\n` : `${pictureLines(feed, lookOf(terminal)).join("\n")}\n\n`);
    },
    miss: (problem) => void stderr.write(`openclaw-edge: ${problem}\n`),
    close: () => undefined,
  };
}

/** Draws anew when the window changes, and lets go of the screen while the process is put aside. */
class ScreenCanvas implements Canvas {
  readonly #terminal: Terminal;
  readonly #screen: Screen;
  #feed: Feed | null = null;
  #problem: string | null = null;
  readonly #redraw = (): void => this.#draw();
  readonly #suspend = (): void => {
    this.#screen.close();
    process.kill(process.pid, "SIGSTOP");
  };
  readonly #resume = (): void => {
    this.#screen.open();
    this.#draw();
  };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#screen = new Screen(terminal);
    this.#screen.open();
    terminal.stdout.on("resize", this.#redraw);
    process.on("SIGTSTP", this.#suspend);
    process.on("SIGCONT", this.#resume);
  }

  show(feed: Feed): void {
    this.#feed = feed;
    this.#problem = null;
    this.#draw();
  }

  miss(problem: string): void {
    this.#problem = problem;
    this.#draw();
  }

  close(): void {
    this.#terminal.stdout.off("resize", this.#redraw);
    process.off("SIGTSTP", this.#suspend);
    process.off("SIGCONT", this.#resume);
    this.#screen.close();
  }

  #draw(): void {
    if (this.#feed === null) return;
    const look = lookOf(this.#terminal);
    const lines = pictureLines(this.#feed, look);
    if (this.#problem !== null) {
      const since = `${this.#problem}; this is how it was at ${timeOfDay(this.#feed.wall)}`;
      lines[0] = clip(look.paint.bad(since), look.width);
    }
    this.#screen.draw(lines);
  }
}
