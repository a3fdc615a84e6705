// What an error asks to be changed in the request, if it complains of nothing but its shape.
import type { FailureKind } from "../../core/failure.ts";
import { NO_REMEDIES, type RemedyName } from "../../core/remedy.ts";
import { beginnings } from "./beginnings.ts";
import { fieldRemedy } from "./field-remedies.ts";
import type { ProviderError } from "./provider-error.ts";
import { refusedFields } from "./refused-fields.ts";
import { COMPLAINT_ROWS } from "./shape-complaints.ts";

/** Kinds that such complaints come as: servers give them any status. Everything else that is said is said of something else. */
const DISGUISES: ReadonlySet<FailureKind> = new Set([
  "rejected",
  "rejected-by-provider",
  "bad-payload",
  "model-missing",
  "server-error",
  "unexpected-status",
]);
const TEXT_MAX = 2_000;
/** Levels that every model with levels has, and a refusal of one of them: then there is nothing lower to go to. */
const COMMON_LEVELS = /['"` [,(]low['"`\], ].{0,20}medium.{0,20}high/;
const REFUSED_COMMON = /(?:does not support|received|level|value) ['"`](?:low|medium|high)['"`]/;

/** The remedies, each once; none for what is no complaint of shape. */
export function remediesOf(kind: FailureKind, error: ProviderError): readonly RemedyName[] {
  if (!DISGUISES.has(kind)) return NO_REMEDIES;
  const text = error.message.slice(0, TEXT_MAX).toLowerCase();
  const named = refusedFields(error).map(fieldRemedy);
  const texts = beginnings(text);
  const said = COMPLAINT_ROWS.find(({ words }) => texts.some((each) => words.test(each)))?.remedy ?? null;
  const remedies = [...named, said].filter((name) => name !== null);
  return remedies.length === 0 ? NO_REMEDIES : [...new Set(remedies.map((name) => gentler(name, text)))];
}

/** A level that is too high or too fine is clamped where the error lists levels to clamp to. */
function gentler(name: RemedyName, text: string): RemedyName {
  return name === "no-effort" && COMMON_LEVELS.test(text) && !REFUSED_COMMON.test(text) ? "lower-effort" : name;
}
