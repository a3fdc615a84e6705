// The configuration for a set of rows: every row has a provider, a model and an agent of its own, so that no row inherits what
// another one taught the gateway.
import * as does from "../support/behaviours.ts";
import type { Over, Surroundings } from "./bench.ts";
import type { AgentEntry, BenchConfig, ProviderEntry } from "./gateway.ts";
import { KEY_CANARY, WELL } from "./names.ts";
import { actorOf, isFlow, isLetter, type RequestRow, type Row, type Shape } from "./row.ts";
import { mockScriptOf, stepsOf } from "./script-of.ts";

const DIALECTS = ["openai-chat", "openai-responses", "openai-embeddings"];
/** Where no row says otherwise: every wait for a provider, in seconds. */
const TIMEOUT_SECONDS = 2;
const WELL_SECONDS = 30;

/** What the configuration is for. */
export interface Ground {
  readonly around: Surroundings;
  readonly over: Over;
  /** Added to the configuration; `edge` is merged. */
  readonly more: { readonly edge?: object };
}

interface Actor {
  readonly name: string;
  readonly entry: ProviderEntry;
  readonly extras: object;
}

/** A configuration in which every row can be played. */
export function configFor(rows: readonly Row[], ground: Ground): BenchConfig {
  const actors = [wellActor(ground), ...rows.flatMap((row) => actorsOf(row, ground))];
  const list = [[WELL, [WELL]] as const, ...rows.flatMap(agentsOf)].map(([id, chain]): AgentEntry => {
    const [primary = "", ...fallbacks] = chain.map((name) => refOf(name, ground.over));
    return { id, model: { primary, fallbacks } };
  });
  const { edge, ...more } = ground.more;
  return {
    models: { mode: "replace", providers: Object.fromEntries(actors.map(({ name, entry }) => [name, entry])) },
    agents: { defaults: { model: refOf(WELL, ground.over) }, list },
    ...more,
    edge: { providers: Object.fromEntries(actors.map(({ name, extras }) => [name, extras])), ...edge },
  };
}

function refOf(name: string, over: Over): string {
  if (name.includes("/")) return name;
  return over === "mock" ? `${name}/script` : `${name}/${name}`;
}

function wellActor({ around, over }: Ground): Actor {
  const entry = over === "wire" ? wireEntry(WELL, around.healthy.origin) : wellMock();
  return { name: WELL, entry: { ...entry, timeoutSeconds: WELL_SECONDS }, extras: extrasFor(over) };
}

/** Its name stands in its address, too, so that a leak tells whose it is. */
function wireEntry(name: string, origin: string): object {
  const models = [{ id: name }];
  return { baseUrl: `${origin}/${name}/v1`, apiKey: `${KEY_CANARY}-${name}`, api: "openai-completions", models };
}

function wellMock(): object {
  const steps = (shape: Shape) => stepsOf(does.answer(), { model: WELL, shape });
  const script = { stream: steps("stream"), whole: steps("whole") };
  return { api: "mock", models: [{ id: "script", params: { script } }] };
}

function extrasFor(over: Over): object {
  return over === "wire" ? { dialects: DIALECTS } : {};
}

function actorsOf(row: Row, ground: Ground): Actor[] {
  const { around, over } = ground;
  // Letters go to the provider that is always well, if anywhere.
  if (isLetter(row)) return [];
  const at = row.url === undefined ? {} : { baseUrl: row.url(around) };
  const scripted = (name: string): object => ({ ...wireEntry(name, around.failing.origin), ...at });
  if (isFlow(row)) {
    return row.actors.map((name) => ({
      name,
      entry: { ...scripted(name), timeoutSeconds: TIMEOUT_SECONDS, ...row.entry },
      extras: { dialects: DIALECTS, ...row.extras },
    }));
  }
  return row.shapes.map((shape) => {
    const name = actorOf(row, shape);
    const entry = over === "wire" ? scripted(name) : mockEntry(row, shape);
    return { name, entry: { ...entry, timeoutSeconds: TIMEOUT_SECONDS, ...row.entry }, extras: extrasFor(over) };
  });
}

function mockEntry(row: RequestRow, shape: Shape): object {
  return { api: "mock", models: [{ id: "script", params: { script: mockScriptOf(row, shape) } }] };
}

/** Agents with their chains. */
function agentsOf(row: Row): (readonly [string, readonly string[]])[] {
  if (isLetter(row)) return [];
  if (!isFlow(row)) {
    return row.shapes.map((shape) => {
      const name = actorOf(row, shape);
      return [name, row.alone === true ? [name] : [name, WELL]];
    });
  }
  const own = Object.fromEntries(row.actors.map((name) => [name, [name]]));
  return Object.entries({ ...own, ...row.agents });
}
