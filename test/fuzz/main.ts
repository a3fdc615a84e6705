// `npm run fuzz -- [target…] [--cases 1000000] [--minutes 60] [--seed n] [--from batch]`: cases in batches, each with a seed of its own, until
// their number or the time is reached; targets share the time evenly, and what one does not need goes to the others. Says how to go on; a
// broken law is shown with its input, which belongs into test/fixtures/fuzz.
import { parseArgs } from "node:util";
import { closeTargets, TARGETS } from "./targets.ts";
import { fuzz, type Fuzzed } from "./turns.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    from: { type: "string", default: "0" },
  },
});
const seed = Number(values.seed);

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** What a person reads of one target. */
function told({ target, cases, spentMs, next, broken }: Fuzzed): string {
  if (broken !== null) {
    return `${target.name}: BROKEN in batch ${next} of seed ${seed}\n  ${target.says}\n${broken.because}\n  input: ${broken.input}`;
  }
  const rest = next === null ? "" : `; go on with ${target.name} --seed ${seed} --from ${next}`;
  return `${target.name}: held for ${cases} cases in ${(spentMs / 1_000).toFixed(0)} s${rest}`;
}

const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
if (unknown.length > 0) {
  say(`no target ${unknown.join(", ")}; there are: ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const chosen = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const endsAtMs = performance.now() + Number(values.minutes) * 60_000;
const order = { cases: Number(values.cases), seed, from: Number(values.from), endsAtMs, now: () => performance.now() };
say(`seed ${seed}`);
let held = 0;
let cases = 0;
for await (const fuzzed of fuzz(chosen, order)) {
  say(told(fuzzed));
  cases += fuzzed.cases;
  if (fuzzed.broken === null) held += 1;
}
await closeTargets();
say(`${held} of ${chosen.length} laws held for ${cases} cases; seed ${seed}`);
process.exitCode = held === chosen.length ? 0 : 1;
