// A terminal's second screen: what stood on the first one is there again afterwards, with the cursor. Drawn in place, without flicker.
import type { Terminal } from "../command.ts";

const ESCAPE = String.fromCharCode(0x1b);
/** Second screen, no cursor, no wrapping of long lines. */
const ENTER = `${ESCAPE}[?1049h${ESCAPE}[?25l${ESCAPE}[?7l${ESCAPE}[2J`;
const LEAVE = `${ESCAPE}[?7h${ESCAPE}[?25h${ESCAPE}[?1049l`;
const HOME = `${ESCAPE}[H`;
const TO_LINE_END = `${ESCAPE}[K`;
const TO_SCREEN_END = `${ESCAPE}[J`;

/** The second screen of a terminal. */
export class Screen {
  readonly #stdout: Terminal["stdout"];
  #isOpen = false;
  readonly #close = (): void => this.close();

  constructor(terminal: Terminal) {
    this.#stdout = terminal.stdout;
  }

  /** Opens it; whatever ends the process closes it. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    process.on("exit", this.#close);
    this.#stdout.write(ENTER);
  }

  /** Replaces what it shows, each line over the one that stood there. */
  draw(lines: readonly string[]): void {
    if (this.#isOpen) this.#stdout.write(`${HOME}${lines.join(`${TO_LINE_END}\r\n`)}${TO_LINE_END}${TO_SCREEN_END}`);
  }

  /** Shows the first screen again. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off("exit", this.#close);
    this.#stdout.write(LEAVE);
  }
}
