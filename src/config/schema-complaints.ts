// What the schema objects to, in words for whoever wrote the file. Shows what was written, unless it may be a secret.
import type { z } from "./zod.ts";
import { bindModeMeant } from "./bind.ts";
import { complain, type Complaint } from "./complaint.ts";
import { valueAt, type KeyPath } from "./key-path.ts";
import { nearest } from "./nearest.ts";
import type { Positions } from "./positions.ts";
import { isSecretAt, keysAt } from "./schema-view.ts";
import type { EnvReference } from "./substitute.ts";

/** What the schema was given. */
export interface Judged {
  readonly tree: unknown;
  readonly positions: Positions;
  readonly unresolved: readonly EnvReference[];
}

type Issue = z.core.$ZodIssue;
/** A complaint without its place. */
interface Said {
  readonly code: string;
  readonly path: KeyPath;
  readonly message: string;
  readonly suggestion?: string | null;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};
const CONTAINERS: ReadonlySet<string> = new Set(["an object", "a list"]);
const TEXT_SHOWN_MAX = 60;
/** Words of the config are shorter, or neither hold a digit nor go on in capitals; keys and tokens are long and do. */
const LONG_WORD = /[\w-]{16,}/g;

const kind = (expected: string): string => KINDS[expected] ?? expected;
const quoted = (value: unknown): string => JSON.stringify(value) ?? String(value);

function looksSecret(text: string): boolean {
  return (text.match(LONG_WORD) ?? []).some((word) => /\d|[A-Z]{2}/.test(word) && /[a-z]/i.test(word));
}

/** `, not …`: what was written instead; nothing where that may be a secret. */
function instead(value: unknown, path: KeyPath): string {
  if (Array.isArray(value)) return ", not a list";
  if (typeof value === "object" && value !== null) return ", not an object";
  if (isSecretAt(path)) return "";
  // A key is easily written one line too high, where the kind of it belongs.
  if (typeof value === "string" && looksSecret(value)) return ", not what stands there";
  const text = typeof value === "number" ? String(value) : quoted(value);
  return `, not ${text.length > TEXT_SHOWN_MAX ? `${text.slice(0, TEXT_SHOWN_MAX)}…` : text}`;
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function wrongType(expected: readonly string[], path: KeyPath, tree: unknown): Said {
  const value = valueAt(tree, path);
  const wanted = list([...new Set(expected)]);
  if (value === undefined) return { code: "missing_key", path, message: `is required: ${wanted}` };
  // Whoever writes a text for an object often wrote the one secret that the object would have held.
  const isMisplaced = typeof value === "string" && expected.every((each) => CONTAINERS.has(each));
  const written = isMisplaced ? ", not a text" : instead(value, path);
  return { code: "wrong_type", path, message: `must be ${wanted}${written}` };
}

/** Whoever writes an address for a bind mode means one of the modes, and none is spelt like it. */
function hostMode(value: string, path: KeyPath): string | null {
  return path.length === 2 && path[0] === "gateway" && path[1] === "bind" ? bindModeMeant(value) : null;
}

function wrongChoice(values: readonly unknown[], path: KeyPath, tree: unknown): Said {
  const value = valueAt(tree, path);
  const wanted = list(values.map(quoted));
  if (value === undefined) return { code: "missing_key", path, message: `is required: ${wanted}` };
  const near = typeof value === "string" ? (nearest(value, values.map(String)) ?? hostMode(value, path)) : null;
  return { code: "wrong_value", path, message: `must be ${wanted}${instead(value, path)}`, suggestion: near };
}

const REFUSALS: ReadonlySet<string> = new Set(["invalid_type", "invalid_value", "invalid_union"]);
/** True when an alternative did not even fit from outside. */
const refusedHere = (problem: Issue): boolean => problem.path.length === 0 && REFUSALS.has(problem.code);

/** What an alternative that did not fit would have taken. */
function wants(problem: Issue): string[] {
  if (problem.code === "invalid_type") return [kind(problem.expected)];
  if (problem.code === "invalid_value") return problem.values.map(quoted);
  return problem.code === "invalid_union" ? problem.errors.flat().flatMap(wants) : [];
}

/** Of several alternatives that all failed: what is wrong within the one that fits from outside, else what all of them want. */
function unmatched(issue: z.core.$ZodIssueInvalidUnion, path: KeyPath, tree: unknown): Said[] {
  if ("options" in issue && Array.isArray(issue.options)) return [wrongChoice(issue.options, path, tree)];
  const entered = issue.errors.find((problems) => problems.length > 0 && !problems.some(refusedHere));
  if (entered !== undefined) return entered.flatMap((problem) => said(problem, path, tree));
  return [wrongType(issue.errors.flat().flatMap(wants), path, tree)];
}

function said(issue: Issue, outer: KeyPath, tree: unknown): Said[] {
  const path: KeyPath = [...outer, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const suggestion = nearest(key, keysAt(path));
        return { code: "unknown_key", path: [...path, key], message: "is not a key of the config", suggestion };
      });
    case "invalid_type":
      return [wrongType([kind(issue.expected)], path, tree)];
    case "invalid_value":
      return [wrongChoice(issue.values, path, tree)];
    case "invalid_union":
      return unmatched(issue, path, tree);
    case "invalid_key":
      return [{ code: "unknown_key", path, message: `as a name ${issue.issues.map(plainMessage).join(", ")}` }];
    default:
      return [{ code: "wrong_value", path, message: plainMessage(issue) }];
  }
}

const MEASURES: Readonly<Record<string, string>> = { string: " characters long", array: " items long" };

/** Our own messages start in lower case and continue the key's name; the library's are rewritten to do the same. */
function plainMessage(issue: Issue): string {
  if (issue.code !== "too_small" && issue.code !== "too_big") return issue.message;
  const measure = MEASURES[issue.origin] ?? "";
  const inclusive = issue.inclusive === true;
  if (issue.code === "too_big") return `must be ${inclusive ? "at most" : "below"} ${issue.maximum}${measure}`;
  if (measure !== "" && issue.minimum === 1) return "must not be empty";
  return `must be ${inclusive ? "at least" : "above"} ${issue.minimum}${measure}`;
}

/** The schema's issues as complaints, one for each unknown key. A value that is wrong because its variable is unset is called that. */
export function schemaComplaints(issues: readonly Issue[], judged: Judged): Complaint[] {
  const unset = new Map(judged.unresolved.map((reference) => [JSON.stringify(reference.path), reference.variable]));
  return issues
    .flatMap((issue) => said(issue, [], judged.tree))
    .map((grievance) => {
      const variable = unset.get(JSON.stringify(grievance.path));
      if (variable === undefined) return complain(judged.positions, grievance);
      return complain(judged.positions, {
        code: "unset_variable",
        path: grievance.path,
        message: `\${${variable}} is not set`,
      });
    });
}
