// TABLE: commands of OpenClaw that a stateless proxy does not have, and what to do instead.

/** Words that name such commands. */
export interface OutOfScope {
  readonly pattern: RegExp;
  readonly instead: string;
}

const EDIT = "this proxy writes no config; 'openclaw-edge config file' names the file to edit";

/** The first row that matches counts. */
export const OUT_OF_SCOPE: readonly OutOfScope[] = [
  { pattern: /^models (set|set-image)\b/, instead: `${EDIT}: agents.defaults.model.primary` },
  { pattern: /^models (image-)?fallbacks (add|remove|clear)\b/, instead: `${EDIT}: agents.defaults.model.fallbacks` },
  { pattern: /^models aliases (add|remove)\b/, instead: `${EDIT}: agents.defaults.models["provider/model"].alias` },
  {
    pattern: /^models auth\b/,
    instead: "this proxy stores no logins; write models.providers.<id>.apiKey or set the provider's variable",
  },
  {
    pattern: /^config get\b/,
    instead: "'openclaw-edge config show' prints the effective config, one document with --json",
  },
  { pattern: /^config (set|unset|patch)\b/, instead: EDIT },
  { pattern: /^(onboard|configure|setup)\b/, instead: EDIT },
  { pattern: /^secrets (configure|apply)\b/, instead: EDIT },
  {
    pattern: /^gateway (install|uninstall|start|stop|restart)\b/,
    instead: "this proxy manages no services; give 'openclaw-edge serve' to systemd, a container or a supervisor",
  },
  { pattern: /^gateway probe\b/, instead: "'openclaw-edge status --deep' asks this gateway and looks for others" },
  {
    pattern: /^security audit\b/,
    instead: "'openclaw-edge doctor' and 'openclaw-edge secrets audit' look for what is unsafe",
  },
];
