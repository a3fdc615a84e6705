// What self-healing has learned, one warning each, with the line of the file that would make it permanent and spare the next start the detour.
import { remedyLine } from "../core/remedy-line.ts";
import { type Hearing, hearing } from "./hearing.ts";
import type { Say } from "./log.ts";

/** Makes the observer that tells what was learned. */
export function createRemedyLog(warn: Say): Hearing {
  return hearing(["remedy-learned"], (event) => {
    const { provider, target, remedy } = event;
    warn("learned what a provider refuses; its requests are changed from now on", {
      event: "remedy_learned",
      provider,
      model: target.slice(provider.length + 1),
      remedy,
      config: remedyLine(event, remedy),
    });
  });
}
