// What the failover bench runs against: two scripted providers, this product and Portkey, all on loopback, and the requests for each.
import { answer } from "../../test/support/behaviours.ts";
import { EDGE_TOKEN, startEdge } from "../../test/support/edge.ts";
import { type Provider, startProvider } from "../../test/support/provider.ts";
import type { Ask } from "./failover-client.ts";
import { FAULT_NAMES, FAULTS, type FaultName, type Shape, SHAPES, TIMEOUT_MS } from "./faults.ts";
import { portkeyHeaders, startPortkey } from "../subjects/portkey.ts";

/** Runs of every cell. */
export const RUNS = 5;
/** The model of the healthy provider; asked alone, it is the request without a fault. */
export const HEALTHY = "healthy";
const TEXTS = ["Grüße ", "from the ", "healthy ", "provider 🦞"];
const CLIENT = { authorization: `Bearer ${EDGE_TOKEN}`, "content-type": "application/json" };

/** Everything that has to be alive. */
export interface Rig {
  readonly failing: Provider;
  readonly healthy: Provider;
  readonly edgeUrl: string;
  /** Null where Portkey could not be had. */
  readonly portkeyUrl: string | null;
  /** Why there is no Portkey; null when there is one. */
  readonly withoutPortkey: string | null;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One request per subject. */
export interface Asks {
  readonly direct: Ask;
  readonly edge: Ask;
  readonly portkey: Ask | null;
}

/** The model that fails in this run and in no other: no subject's memory of an earlier run can help or harm. */
export function targetName(fault: FaultName, shape: Shape, run: number): string {
  return `${fault}-${shape}-${run}`;
}

/** The models of one cell, one per run. */
export function targetsOf(fault: FaultName, shape: Shape): string[] {
  return Array.from({ length: RUNS }, (_, run) => targetName(fault, shape, run));
}

/** Starts everything. A product that does not start is an error, a Portkey that does not is a fact. */
export async function startRig(entry: string, say: (text: string) => void): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const failing = stack.use(await startProvider());
  const healthy = stack.use(await startProvider());
  healthy.on(HEALTHY, answer({ texts: TEXTS }));
  for (const fault of FAULT_NAMES)
    for (const shape of SHAPES)
      for (const target of targetsOf(fault, shape)) failing.on(target, FAULTS[fault].behaviour[shape]);
  const edge = stack.use(await startEdge({ config: edgeConfig(failing, healthy), entry }));
  edge.child.mute();
  const portkey = await startPortkey(say).catch((error: unknown) => String(error));
  if (typeof portkey !== "string") stack.use(portkey);
  const alive = stack.move();
  return {
    failing,
    healthy,
    edgeUrl: edge.url,
    portkeyUrl: typeof portkey === "string" ? null : portkey.url,
    withoutPortkey: typeof portkey === "string" ? portkey : null,
    [Symbol.asyncDispose]: async () => alive.disposeAsync(),
  };
}

/** Each failing model is a provider of its own here, with its own key, breaker and cooldown, and an agent whose chain it opens. */
function edgeConfig(failing: Provider, healthy: Provider): object {
  const names = FAULT_NAMES.flatMap((fault) => SHAPES.flatMap((shape) => targetsOf(fault, shape)));
  const frame = { api: "openai-completions", apiKey: "sk-bench-upstream-key", timeoutSeconds: TIMEOUT_MS / 1000 };
  const bad = names.map((name) => [`bad-${name}`, { ...frame, baseUrl: failing.url, models: [{ id: name }] }]);
  const good = { ...frame, baseUrl: healthy.url, models: [{ id: HEALTHY }] };
  const fallbacks = [`good/${HEALTHY}`];
  const chains = names.map((name) => ({ id: name, model: { primary: `bad-${name}/${name}`, fallbacks } }));
  return {
    models: { mode: "replace", providers: { good, ...Object.fromEntries(bad) } },
    agents: { list: [{ id: HEALTHY, model: `good/${HEALTHY}` }, ...chains] },
    gateway: { auth: { mode: "token" } },
  };
}

/** The request of every subject for one target, or for `HEALTHY` alone; null for a subject that is not there. */
export function asksOf(rig: Rig, shape: Shape, target: string): Asks {
  const good = { baseUrl: rig.healthy.url, model: HEALTHY };
  const chain = target === HEALTHY ? [good] : [{ baseUrl: rig.failing.url, model: target }, good];
  const common = { shape, expected: TEXTS.join(""), headers: CLIENT };
  const edge = { ...common, url: rig.edgeUrl, model: `openclaw/${target}` };
  const direct = { ...common, url: rig.healthy.origin, model: HEALTHY };
  if (rig.portkeyUrl === null) return { direct, edge, portkey: null };
  const headers = portkeyHeaders(chain, TIMEOUT_MS);
  return { direct, edge, portkey: { ...common, url: rig.portkeyUrl, headers, model: target } };
}
