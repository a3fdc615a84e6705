// Which fields of a request an error names as refused. Every form begins where the provider's own words begin, see beginnings.ts.
import { beginnings } from "./beginnings.ts";
import type { ProviderError } from "./provider-error.ts";

/** A sentence that names a field, or several. */
export interface FieldForm {
  /** Its one group holds the names. Every repetition is bounded. */
  readonly words: RegExp;
  readonly source: string;
}

/** Characters of a message that are read. */
const TEXT_MAX = 2_000;
const COMPLAINTS_MAX = 16;
const NAME = String.raw`[\w.[\]]{1,64}`;
const QUOTE = "['\"`]?";

function form(words: string, source: string): FieldForm {
  return { words: new RegExp(`^${words}`, "i"), source };
}

const NAMES = `((?:${QUOTE}${NAME}${QUOTE}(?:, )?){1,8})`;
const ONE = `${QUOTE}(${NAME})${QUOTE}`;

/** The forms; of one complaint the first that fits counts. */
export const FIELD_FORMS: readonly FieldForm[] = [
  form(String.raw`unsupported parameter(?:\(s\))?: ${NAMES}`, "OpenAI, Azure, Copilot; NVIDIA NIM with (s)"),
  form(`unknown parameter: ${ONE}`, "OpenAI, Azure"),
  form(`unrecognized request arguments? supplied: ${NAMES}`, "OpenAI, Azure"),
  form(`unsupported value: ${ONE} does not support`, "OpenAI, Azure"),
  form(`extra inputs are not permitted, field: ${ONE}`, "Fireworks"),
  form(`validation error at #/(${NAME}): extra inputs are not permitted`, "Azure, with data sources"),
  form(`(${NAME}): extra inputs are not permitted`, "Anthropic, Mistral, Databricks, vLLM"),
  form(String.raw`\[\{'type': 'extra_forbidden', 'loc': \('body', '(\w{1,64})'\)`, "vLLM, NVIDIA"),
  form(`property ${ONE} is unsupported`, "Groq, Cerebras"),
  form(`argument not supported(?: on this model)?: (${NAME})`, "xAI"),
  form(String.raw`model [\w./:-]{1,120} does not support parameter (${NAME})`, "xAI"),
  form(`[\\w./-]{1,80} does not support parameters: [{[]'(${NAME})'`, "LiteLLM"),
  form(`invalid json payload received\\. unknown name ${ONE}: cannot find field`, "Google, chat completions"),
  form(
    `${ONE} is (?:not (?:supported|allowed)|deprecated) (?:with|in|by|for|on) this model`,
    "Groq, OpenAI, Anthropic",
  ),
  form(`invalid ${ONE}: only [\\d.]{1,8} is allowed for this model`, "Moonshot"),
];

/** Codes with which `param` is the refused field: OpenAI, Azure. */
const CODES: ReadonlySet<string> = new Set(["unsupported_parameter", "unsupported_value", "unknown_parameter"]);

/** The names in snake case, without the `body.` of FastAPI; empty when no field is named. */
export function refusedFields({ message, code, param }: ProviderError): readonly string[] {
  const byParam = code !== null && param !== null && CODES.has(code) ? [param] : [];
  // Google writes one complaint a line, and lists of them were joined by semicolons: each begins anew.
  const complaints = message.slice(0, TEXT_MAX).split(/; |\n/, COMPLAINTS_MAX);
  return [...new Set([...byParam, ...complaints.flatMap(namedIn)].map(plain))];
}

function namedIn(complaint: string): readonly string[] {
  const texts = beginnings(complaint);
  for (const { words } of FIELD_FORMS) {
    const names = texts.map((text) => words.exec(text)?.[1]).find((each) => each !== undefined);
    if (names !== undefined) return names.match(/[\w.[\]]+/g) ?? [];
  }
  return [];
}

function plain(name: string): string {
  const snake = name.replace(/[a-z][A-Z]/g, (pair) => `${pair[0] ?? ""}_${(pair[1] ?? "").toLowerCase()}`);
  // The last dot ends a sentence.
  return snake.replace(/^body\.|\.$/g, "");
}
