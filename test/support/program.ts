// The program under test.
import { resolve } from "node:path";

const root = new URL("../..", import.meta.url).pathname;

/** The bundle that `npm test` has just built, as its users run it: it starts in a fifth of the time. From source where tests are run by hand. */
export const PROGRAM = resolve(root, process.env["EDGE_PROGRAM"] ?? "src/main.ts");
