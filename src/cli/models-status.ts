// `openclaw-edge models status`: the default chain, where keys come from and, on request, whether they work. Flags, keys, buckets,
// reason codes and exit codes are OpenClaw's.
import { agentIdOf } from "../config/agent-id.ts";
import type { Loaded } from "../config/load-snapshot.ts";
import { providerIdOf } from "../config/provider-id.ts";
import { realClock } from "../core/clock.ts";
import type { Agent } from "../core/snapshot.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { gatewayHealth } from "./gateway-health.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { keysInQuestion, modelsOverview } from "./models-overview.ts";
import { overviewText, probesText } from "./models-status-text.ts";
import { type Given, JSON_OPTION, PLAIN_OPTION } from "./options.ts";
import { paintFor } from "./paint.ts";
import { print } from "./print.ts";
import type { ProbeOptions, ProbeRow } from "./probe.ts";
import { defaultAgentIn, nameOne } from "./usual-agent.ts";

/** Shows the chain; `--check` turns missing keys into exit code 1. Stored logins expire, keys do not: 2 never comes. */
export const modelsStatus: Command = {
  operands: [],
  options: {
    ...CONFIG_OPTION,
    agent: { type: "string", value: "ID", about: "The chain of this agent instead of the default one." },
    check: { type: "boolean", about: "Exit 1 when a provider of the chain has no key." },
    probe: { type: "boolean", about: "Ask every key for a few tokens; costs money where tokens do." },
    "probe-provider": { type: "string", value: "ID", about: "Probe this provider only." },
    "probe-profile": { type: "string", multiple: true, value: "ID", about: "Probe these keys only, such as openai#2." },
    "probe-timeout": { type: "string", value: "MS", about: "For each probe (8000)." },
    "probe-concurrency": { type: "string", value: "N", about: "Probes at once (2)." },
    "probe-max-tokens": { type: "string", value: "N", about: "Tokens of each answer (8)." },
    plain: { ...PLAIN_OPTION.plain, about: "Only the default model." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    if (given.flag("plain") && given.flag("probe")) return refused("--probe cannot be used with --plain", terminal);
    const options = probeOptions(given);
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const agent = agentOf(given.text("agent"), loaded);
    if (agent === null) {
      const named = given.text("agent");
      const several = `${nameOne(loaded.snapshot)}; name one with --agent`;
      return refused(named === null ? several : `unknown agent id "${named}"`, terminal);
    }
    const { health } = await gatewayHealth(loaded);
    const parts = { loaded, agent, named: given.text("agent") !== null, wall: realClock.wall() };
    const overview = modelsOverview({ ...parts, notReady: health?.notReady ?? [] });
    const probes = given.flag("probe") ? await probesOf(given, { loaded, options, terminal }) : null;
    await print({ ...overview, ...(probes !== null && { probes }) }, { given, terminal }, async () => {
      if (given.flag("plain")) return `${overview.resolvedDefault ?? ""}\n`;
      const paint = paintFor(terminal, "stdout");
      const tail = probes === null ? "" : await probesText(probes.results, probes.durationMs, paint);
      return overviewText(overview, paint) + tail;
    });
    return given.flag("check") && overview.auth.missingProvidersInUse.length > 0 ? EXIT.failed : EXIT.ok;
  },
};

/** OpenClaw ends such mistakes with 1. */
function refused(why: string, { stderr }: Terminal): number {
  stderr.write(`openclaw-edge: ${why}\n`);
  return EXIT.failed;
}

function agentOf(id: string | null, { snapshot }: Loaded): Agent | null {
  return id === null ? defaultAgentIn(snapshot) : (snapshot.agents.get(agentIdOf(id)) ?? null);
}

function probeOptions(given: Given): ProbeOptions {
  return {
    timeoutMs: given.number("probe-timeout", 8000, 1),
    concurrency: given.count("probe-concurrency", 2, 1),
    maxTokens: given.count("probe-max-tokens", 8, 1),
  };
}

interface ProbeRun {
  readonly loaded: Loaded;
  readonly options: ProbeOptions;
  readonly terminal: Terminal;
}

/** The probes' part of the document. */
interface Probes {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly durationMs: number;
  readonly totalTargets: number;
  readonly options: object;
  readonly results: readonly ProbeRow[];
}

async function probesOf(given: Given, { loaded, options, terminal }: ProbeRun): Promise<Probes> {
  const [{ DirectCorridor }, { probeAll }, { probePlan }, { progress }] = await Promise.all([
    import("./direct.ts"),
    import("./probe.ts"),
    import("./probe-plan.ts"),
    import("./progress.ts"),
  ]);
  const { snapshot } = loaded;
  const written = given.text("probe-provider");
  const provider = written === null ? null : providerIdOf(written);
  const keys = keysInQuestion(loaded);
  if (provider !== null && !keys.some((each) => each.provider === provider))
    throw new UsageError(`--probe-provider: there is no provider "${written}"`);
  const profiles = given.list("probe-profile").flatMap((text) => text.split(",").map((part) => part.trim()));
  const plan = probePlan({ snapshot, keys, provider, profiles });
  const startedAt = realClock.wall();
  const corridor = new DirectCorridor(snapshot);
  const shown = await progress(
    terminal,
    `Probing ${plan.length} credential${plan.length === 1 ? "" : "s"}`,
    plan.length,
  );
  const results = await probeAll(plan, { snapshot, corridor, options, progress: shown });
  await corridor.close();
  const finishedAt = realClock.wall();
  shown.end(`${results.filter(({ status }) => status === "ok").length} of ${results.length} answered`);
  const said = { provider: written, profileIds: profiles, ...options };
  return {
    startedAt,
    finishedAt,
    durationMs: finishedAt - startedAt,
    totalTargets: plan.length,
    options: said,
    results,
  };
}
