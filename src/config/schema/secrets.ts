// `secrets`: where SecretRefs are looked up.
import { isAbsolute } from "node:path";
import { z } from "../zod.ts";
import { count, ignored, SECRET, text } from "./fields.ts";
import { secretAlias, secretEnvName } from "./secret-ref.ts";

const MiB = 1_048_576;
const waitMs = z.int().positive().max(120_000);
const bytesMax = z
  .int()
  .positive()
  .max(20 * MiB);
const absolutePath = text.refine((path) => isAbsolute(path), "must be an absolute path");

const envProvider = z.strictObject({
  source: z.literal("env"),
  allowlist: z.array(secretEnvName).max(256).optional().describe("Variables that may be read; absent: all."),
});

const fileProvider = z.strictObject({
  source: z.literal("file"),
  path: text
    .refine((path) => isAbsolute(path) || /^~[/\\]/.test(path), "must be an absolute path, or begin with ~/")
    .describe("The file; owned by us and readable by nobody else. `~` in front is the home folder."),
  mode: z
    .enum(["json", "singleValue"])
    .default("json")
    .describe("A JSON object of secrets, or one secret as the whole file."),
  timeoutMs: waitMs.default(5000).describe("Longest read, in milliseconds."),
  maxBytes: bytesMax.default(MiB).describe("Largest file, in bytes."),
  allowInsecurePath: z.boolean().default(false).describe("Accept a file that others may read."),
});

const execFields = z.strictObject({
  source: z.literal("exec"),
  command: absolutePath.optional().describe("The program; run without a shell."),
  pluginIntegration: z
    .looseObject({})
    .optional()
    .describe("A plugin of OpenClaw that knows the command; then nobody here can ask it."),
  args: z.array(z.string().max(1024)).max(128).default([]).describe("Its arguments."),
  timeoutMs: waitMs.default(5000).describe("Longest run, in milliseconds."),
  noOutputTimeoutMs: waitMs.optional().describe("Longest silence, in milliseconds; default `timeoutMs`."),
  maxOutputBytes: bytesMax.default(MiB).describe("Most output, in bytes."),
  jsonOnly: z.boolean().default(true).describe("Output must be the JSON protocol; false: trimmed text is the secret."),
  env: z
    .record(z.string(), z.string().meta({ [SECRET]: true }))
    .optional()
    .describe("Environment of the program."),
  passEnv: z.array(secretEnvName).max(128).optional().describe("Variables of ours that it gets."),
  trustedDirs: z.array(absolutePath).max(64).optional().describe("Folders that the program must lie in."),
  allowInsecurePath: z.boolean().default(false).describe("Accept a program that others may write."),
  allowSymlinkCommand: z.boolean().default(false).describe("Accept a symbolic link as the program."),
});
const execProvider = execFields.superRefine(({ command, pluginIntegration }, context) => {
  if (command !== undefined || pluginIntegration !== undefined) return;
  context.addIssue({ code: "custom", path: ["command"], message: "is required: a text" });
});

const storeProvider = z.strictObject({ source: z.literal("store") });

const alias = (source: string) => secretAlias.optional().describe(`Alias for ${source} references that name none.`);

/** `secrets`. */
export const secrets = z.strictObject({
  providers: z
    .record(secretAlias, z.discriminatedUnion("source", [envProvider, fileProvider, execProvider, storeProvider]))
    .default({})
    .describe("Places where secrets lie, by alias."),
  defaults: z
    .strictObject({
      env: alias("`env`"),
      file: alias("`file`"),
      exec: alias("`exec`"),
      store: alias("`store`"),
    })
    .prefault({})
    .describe("The alias of each kind."),
  egressProxy: ignored("A proxy for OpenClaw's own programs."),
  resolution: z
    .strictObject({
      maxProviderConcurrency: z.int().min(1).max(16).default(4).describe("Places asked at once."),
      maxRefsPerProvider: z.int().min(1).max(4096).default(512).describe("Most references to one place."),
      maxBatchBytes: count
        .max(5 * MiB)
        .default(262_144)
        .describe("Largest question to one place, in bytes."),
    })
    .prefault({})
    .describe("Bounds of looking up."),
});

/** A place where secrets lie, with defaults applied. */
export type SecretProviderConfig =
  | z.output<typeof envProvider>
  | z.output<typeof fileProvider>
  | z.output<typeof execProvider>
  | z.output<typeof storeProvider>;
