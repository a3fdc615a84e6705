// The options of commands that read a configuration; apart from its reading, which costs more than a help text should.
import type { OptionRows } from "./options.ts";

/** Options that change the configuration, of every command that loads it. */
export const LOAD_OPTIONS = {
  config: { type: "string", short: "c", value: "FILE", about: "The config file; else where OpenClaw looks for it." },
  port: { type: "string", short: "p", value: "N", about: "Port of the gateway." },
  bind: { type: "string", value: "MODE", about: "loopback, lan, tailnet, auto or custom." },
  auth: { type: "string", value: "MODE", about: "none, token, password or trusted-proxy." },
  token: { type: "string", value: "T", about: "The gateway token; better in OPENCLAW_GATEWAY_TOKEN." },
  password: { type: "string", value: "P", about: "The gateway password; better in OPENCLAW_GATEWAY_PASSWORD." },
} as const satisfies OptionRows;

/** The one of them that commands have which only read. */
export const CONFIG_OPTION = { config: LOAD_OPTIONS.config } as const satisfies OptionRows;
