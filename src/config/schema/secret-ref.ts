// Secrets as a file may write them: the text itself, or a reference to where it lies (OpenClaw's SecretRef).
import { z } from "../zod.ts";
import { SECRET, text } from "./fields.ts";

/** What OpenClaw prints in place of a secret; a file holding it was copied from a redacted output. */
export const REDACTED = "__OPENCLAW_REDACTED__";
/** An older way to write a reference; OpenClaw refuses it, too. */
const LEGACY_MARKER = "secretref-env:";

/** Name of a secret provider under `secrets.providers`. */
export const secretAlias = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be like `default`: lower-case letters, digits, `_`, `-`");
/** Name of an environment variable that a SecretRef may point to. */
export const secretEnvName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,127}$/, "must be the name of an environment variable, such as OPENAI_API_KEY");

const secretPointer = z
  .string()
  .regex(/^(?:value|(?:\/(?:[^~/]|~[01])*)+)$/, 'must be a JSON pointer such as "/providers/openai", or "value"');
const secretExecId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,255}$/,
    "must start with a letter or digit and hold only A-Z a-z 0-9 . _ : / -",
  )
  .refine((id) => !id.split("/").some((part) => part === "." || part === ".."), "must have no `.` or `..` segment");

const provider = secretAlias.describe(
  "Alias under `secrets.providers`; `default` exists for `env` without being written.",
);

/** `{source, provider, id}`: a secret that lies elsewhere. */
export const secretRef = z
  .discriminatedUnion("source", [
    z.strictObject({ source: z.literal("env"), provider, id: secretEnvName.describe("Name of the variable.") }),
    z.strictObject({ source: z.literal("file"), provider, id: secretPointer.describe("JSON pointer, or `value`.") }),
    z.strictObject({
      source: z.literal("exec"),
      provider,
      id: secretExecId.describe("Id that the command is asked for."),
    }),
    z.strictObject({ source: z.literal("store"), provider, id: text.describe("Name in OpenClaw's own store.") }),
  ])
  .meta({
    id: "SecretRef",
    description: "A reference to a secret that lies in the environment, in a file, or with a command.",
  });

/** A reference to a secret. */
export type SecretRef = z.output<typeof secretRef>;

const secretText = z
  .string()
  .refine(
    (value) => value !== REDACTED,
    `is the placeholder ${REDACTED}, not a secret; write the secret or a reference`,
  )
  .refine(
    (value) => !value.startsWith(LEGACY_MARKER),
    `uses the old \`${LEGACY_MARKER}\` marker; write { source: "env", provider: "default", id: "NAME" }`,
  )
  .meta({ [SECRET]: true });

/** A secret as text (also `${VAR}`), or a reference to it. */
export const secretInput = z.union([secretText, secretRef]).meta({ id: "SecretInput", [SECRET]: true });
/** One secret or several of the same kind, used in turn (decision 19). */
export const secretInputs = z.union([secretText, secretRef, z.array(secretInput).min(1)]).meta({ [SECRET]: true });
/** Header names to values that may be secret. */
export const secretHeaders = z.record(z.string().min(1), secretInput);
/** Header names to plain values. */
export const plainHeaders = z.record(z.string().min(1), z.string().meta({ [SECRET]: true }));

/** A secret as written. */
export type SecretInput = z.output<typeof secretInput>;
