// Config files that are nearly right: they load, or every complaint has a word, a sentence and a place; nothing throws, nothing is let out.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { Reloader } from "../../../src/cli/reloader.ts";
import { renderComplaint } from "../../../src/config/complaint.ts";
import { type LoadResult, loadSnapshot } from "../../../src/config/load-snapshot.ts";
import type { ConfigReloaded } from "../../../src/core/events.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { createLog } from "../../../src/telemetry/log.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { loadInput } from "../../support/load-input.ts";
import { CANARIES, FOLDER, FULL, USUAL, VARIABLES } from "../config-files.ts";
import { type ByteEdit, byteEdits, edited, mangled, type TreeEdit, treeEdits } from "../mutations.ts";
import { type FuzzTarget, target } from "../target.ts";

const path = join(FOLDER, "openclaw.json");

interface Written {
  readonly tree: readonly TreeEdit[];
  readonly bytes: readonly ByteEdit[];
}

const PIECES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "//",
  "/*",
  "'",
  '"',
  "${",
  "${FUZZ_KEY}",
  "$include: ",
  "NaN",
  "+1",
  "\\\n",
  "\u00ef\u00bb\u00bf",
  "__proto__: ",
];

async function loads(file: JsonObject, { tree, bytes }: Written): Promise<void> {
  const text = mangled(JSON.stringify(edited(file, tree), null, 1), bytes);
  writeFileSync(path, text, "latin1");
  const result = await loadSnapshot(loadInput(FOLDER, { flags: { config: path }, env: VARIABLES }));
  const complaints = result.ok ? result.warnings : result.complaints;
  if (!result.ok)
    assert.ok(
      complaints.some(({ severity }) => severity === "error"),
      "a refusal has a reason",
    );
  for (const complaint of complaints) {
    assert.match(complaint.code, /^[a-z_]+$/);
    assert.ok(complaint.message.length > 3);
    const told = renderComplaint(complaint);
    assert.ok(
      !told.includes(CANARIES.key) && !told.includes(CANARIES.token),
      `a secret is told: ${complaint.code} ${complaint.path}`,
    );
  }
}

const USUAL_TEXT = JSON.stringify(USUAL, null, 1);

async function read(text: string): Promise<LoadResult> {
  writeFileSync(path, text, "latin1");
  return loadSnapshot(loadInput(FOLDER, { flags: { config: path }, env: VARIABLES }));
}

/** A process that serves with the usual file reads one that is nearly right: what is broken leaves it as it was. */
async function reloads({ tree, bytes }: Written): Promise<void> {
  const first = await read(USUAL_TEXT);
  assert.ok(first.ok, "the usual file loads");
  const text = mangled(JSON.stringify(edited(USUAL, tree), null, 1), bytes);
  const taken: string[] = [];
  const told: ConfigReloaded[] = [];
  const clock = new FakeClock();
  const reloader = new Reloader({
    first,
    load: () => read(text),
    take: async ({ snapshot }) => {
      taken.push(snapshot.revision);
      return { heldBack: [] };
    },
    log: createLog({ readers: [], redact: (word) => word, clock }),
    observe: (event) => void (event.type === "config-reloaded" && told.push(event)),
    clock,
  });
  await reloader.ask("signal");
  reloader.stop();
  const alone = await read(text);
  const serves = taken.at(-1) ?? first.snapshot.revision;
  assert.equal(told.length, 1, "what came of it is told once");
  assert.equal(told[0]?.revision, serves, "what is told to serve is what serves");
  if (alone.ok) assert.equal(serves, alone.snapshot.revision, "a good file serves");
  else assert.deepEqual([taken, told[0]?.result], [[], "rejected"], "a broken one changes nothing");
}

const written = fc.record({ tree: treeEdits, bytes: fc.oneof(fc.constant([]), byteEdits(PIECES, 3)) });

/** Laws of configs. */
export const CONFIGS: readonly FuzzTarget[] = [
  target<Written>({
    name: "config",
    says: "A file that is nearly right loads, or is refused with reasons that tell no secret.",
    cost: 5,
    input: written,
    check: (input) => loads(USUAL, input),
  }),
  target<Written>({
    name: "config-full",
    says: "The same for the file that says everything.",
    cost: 40,
    input: written,
    check: (input) => loads(FULL, input),
  }),
  target<Written>({
    name: "reload",
    says: "A file that is nearly right serves from its reading on, or leaves what serves as it is.",
    cost: 40,
    input: written,
    check: reloads,
  }),
];
