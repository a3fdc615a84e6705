// TABLE: the commands. Each is one file, loaded only when called.
import type { Command } from "./command.ts";

/** A row: what the overview says, and the file. */
export interface CommandRow {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Commands by name, in the order of the overview. */
export const COMMANDS = {
  serve: {
    summary: "Serve the API in the foreground (the default).",
    load: async () => (await import("./serve.ts")).serve,
  },
  status: {
    summary: "Ask the gateway that runs with this config how it is.",
    load: async () => (await import("./status.ts")).status,
  },
  reload: {
    summary: "Make the running gateway read its config again, and say what came of it.",
    load: async () => (await import("./reload.ts")).reload,
  },
  healthcheck: {
    summary: "Exit 0 when a gateway answers on this machine; for containers and scripts.",
    load: async () => (await import("./healthcheck.ts")).healthcheck,
  },
  doctor: {
    summary: "Look for what keeps this from working; --model climbs from a first answer to tools.",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  explain: {
    summary:
      "Print what a request would try, in which order, with which clocks and keys, and why the rest is passed over.",
    load: async () => (await import("./explain.ts")).explain,
  },
  "models list": {
    summary: "Print the configured models.",
    load: async () => (await import("./models-list.ts")).modelsList,
  },
  "models status": {
    summary: "Print the default chain and where keys come from; --probe asks every provider.",
    load: async () => (await import("./models-status.ts")).modelsStatus,
  },
  "models aliases list": {
    summary: "Print the aliases.",
    load: async () => (await import("./models-aliases.ts")).modelsAliases,
  },
  "models fallbacks list": {
    summary: "Print the fallbacks of the default chain.",
    load: async () => (await import("./models-fallbacks.ts")).modelsFallbacks,
  },
  "models scan": {
    summary: "Print the free models of OpenRouter's public catalogue; changes nothing.",
    load: async () => (await import("./models-scan.ts")).modelsScan,
  },
  "infer model run": {
    summary: "Send one prompt to one model and print the answer.",
    load: async () => (await import("./infer.ts")).infer,
  },
  "config validate": {
    summary: "Check a config file and print every complaint with its place; exits 1 on an error.",
    load: async () => (await import("./config-validate.ts")).configValidate,
  },
  "config show": {
    summary: "Print the effective config: includes, variables and defaults filled in, secrets masked.",
    load: async () => (await import("./config-show.ts")).configShow,
  },
  "config file": {
    summary: "Print the path of the config file.",
    load: async () => (await import("./config-file.ts")).configFile,
  },
  "config schema": {
    summary: "Print the JSON Schema of the config file.",
    load: async () => (await import("./config-schema.ts")).configSchema,
  },
  "secrets audit": {
    summary: "Look for secrets written into files and for references that lead nowhere.",
    load: async () => (await import("./secrets-audit.ts")).secretsAudit,
  },
  mock: {
    summary: "Serve the built-in mock provider on a port of its own.",
    load: async () => (await import("./mock.ts")).mock,
  },
  bench: {
    summary: "Send a load to a running gateway and measure its answers.",
    load: async () => (await import("./bench.ts")).bench,
  },
  version: {
    summary: "Print the version.",
    load: async () => (await import("./version.ts")).version,
  },
} as const satisfies Readonly<Record<string, CommandRow>>;

/** The name of a command. */
export type CommandName = keyof typeof COMMANDS;

/** Other ways to say the same; `gateway …` and `health` are OpenClaw's. */
export const SYNONYMS: ReadonlyMap<string, CommandName> = new Map([
  ["--version", "version"],
  ["-v", "version"],
  ["start", "serve"],
  ["gateway", "serve"],
  ["gateway run", "serve"],
  ["gateway status", "status"],
  ["health", "healthcheck"],
  ["gateway health", "healthcheck"],
  ["secrets reload", "reload"],
  ["check", "config validate"],
  ["-t", "config validate"],
]);
