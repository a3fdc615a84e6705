// Config files that are nearly right: they load, or every complaint has a word, a sentence and a place; nothing throws, nothing is let out.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { renderComplaint } from "../../../src/config/complaint.ts";
import { loadSnapshot } from "../../../src/config/load-snapshot.ts";
import type { JsonObject } from "../../../src/core/json.ts";
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
];
