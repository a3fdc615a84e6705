// What a soak is: a load that runs for minutes against the real product, and figures that it has to reach. Each is one row of `soaks.ts`.

/** What a run is given. */
export interface SoakGiven {
  /** The product's program. */
  readonly entry: string;
  /** How long the load lasts, in seconds. */
  readonly seconds: number;
  /** Progress, for people. */
  readonly say: (text: string) => void;
}

/** One figure and its bound. */
export interface SoakFigure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Undefined: nothing is asked of it. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A soak. */
export interface Soak {
  /** One sentence for the table. */
  readonly what: string;
  /** Its length when nobody says otherwise. */
  readonly minutes: number;
  /** Runs and ends by itself. */
  readonly run: (given: SoakGiven) => Promise<readonly SoakFigure[]>;
}

/** Whether a figure reaches its bounds. A figure that is not known reaches none. */
export function reaches({ value, atMost = Infinity, atLeast = -Infinity }: SoakFigure): boolean {
  return value <= atMost && value >= atLeast;
}
