// `npm run fuzz -- [target…] [--cases 1000000] [--minutes 60] [--seed n] [--from batch]`: cases in batches, each with a seed of its own, until
// their number or the time is reached. Says how to go on; a broken law is shown with its input, which belongs into test/fixtures/fuzz.
import { parseArgs } from "node:util";
import { closeTargets, TARGETS } from "./targets.ts";
import type { FuzzTarget } from "./target.ts";

/** Of the cheapest laws; others have smaller ones, so that a batch is over in seconds. */
const BATCH = 5_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    from: { type: "string", default: "0" },
  },
});
const cases = Number(values.cases);
const seed = Number(values.seed);
const from = Number(values.from);
const until = performance.now() + Number(values.minutes) * 60_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The batches of one target up to the end of its share of the time; false when its law broke. */
async function fuzzed(target: FuzzTarget, endsAt: number): Promise<boolean> {
  const wanted = Math.ceil(cases / target.cost);
  const size = Math.min(Math.ceil(BATCH / target.cost), wanted);
  const batches = Math.ceil(wanted / size);
  let batch = from;
  const started = performance.now();
  for (; batch < batches && performance.now() < endsAt; batch += 1) {
    const broken = await target.run(size, seed + batch);
    if (broken === null) continue;
    say(
      `${target.name}: BROKEN in batch ${batch} of seed ${seed}\n  ${target.says}\n${broken.because}\n  input: ${broken.input}`,
    );
    return false;
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const rest = batch < batches ? `; go on with --seed ${seed} --from ${batch}` : "";
  say(`${target.name}: held for ${(batch - from) * size} cases in ${seconds} s${rest}`);
  return true;
}

const unknown = positionals.filter((name) => !TARGETS.some((target) => target.name === name));
if (unknown.length > 0) {
  say(`no target ${unknown.join(", ")}; there are: ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const chosen = TARGETS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
say(`seed ${seed}`);
let held = 0;
for (const [at, target] of chosen.entries()) {
  const now = performance.now();
  if (await fuzzed(target, now + (until - now) / (chosen.length - at))) held += 1;
}
await closeTargets();
say(`${held} of ${chosen.length} laws held; seed ${seed}`);
process.exitCode = held === chosen.length ? 0 : 1;
