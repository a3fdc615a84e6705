// What runs when there is no config at all (decision 28 b): hosted keys of the environment, else local servers, else the mock.
// It is written as a config and goes through the same door as every other.
import { envKeys } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import { ACCOUNT_PRESETS } from "./presets-account.ts";
import { HOSTED_PRESETS } from "./presets-hosted.ts";
import { LOCAL_PRESETS } from "./presets-local.ts";
import { MOCK_MODELS, MOCK_PROVIDER } from "./mock-models.ts";
import type { Preset } from "./preset.ts";
import type { ConfigInput } from "./schema/root.ts";

/**
 * Model ids that an OpenAI-compatible server lists under this API root, such as `http://127.0.0.1:8000/v1`; null when there
 * is no such list. The prober adds `/models` and bounds its own time.
 */
export type Probe = (baseUrl: string) => Promise<readonly string[] | null>;

/** What was found to serve. */
export interface EmbeddedDefault {
  readonly config: ConfigInput;
  /** True when every provider is the mock or on this machine: no credential is needed on loopback. */
  readonly harmless: boolean;
  /** For people: what will answer, and why. */
  readonly found: string;
}

/** Local servers that people run without configuring them, in the order in which they are preferred. */
const PROBED = ["lmstudio", "ollama", "vllm", "llamacpp"] as const satisfies readonly (keyof typeof LOCAL_PRESETS)[];
type LocalId = (typeof PROBED)[number];
/** A door without a lock must not lead to a hosted provider, whatever keys lie in the environment. */
const ONLY_THESE = "replace";
/** Models for embeddings cannot chat; they are listed and not made the default. */
const EMBEDS = /embed/i;

const HOSTED: readonly (readonly [string, Preset])[] = Object.entries<Preset>({
  ...HOSTED_PRESETS,
  ...ACCOUNT_PRESETS,
});

/** Hosted providers whose key lies in the environment and that can be spoken to without configuration. */
function hostedWithKeys(env: Environment): readonly string[] {
  const usable = HOSTED.filter(([id, row]) => {
    const isComplete = row.baseUrl !== null && row.defaultModel !== null && row.dialects.length > 0;
    return isComplete && envKeys(env, { names: row.env, every: true, provider: id }).length > 0;
  });
  return usable.map(([id, row]) => `${id}/${row.defaultModel}`);
}

function chainConfig([primary, ...fallbacks]: readonly string[]): ConfigInput {
  return { agents: { defaults: { model: { ...(primary === undefined ? {} : { primary }), fallbacks } } } };
}

/** A local server that answered with models. */
interface LocalServer {
  readonly id: LocalId;
  readonly models: readonly string[];
}

/** The root under which a row answers OpenAI's formats. */
function openAiBase({ baseUrl, openAiRoot }: Preset): string {
  const base = baseUrl ?? "";
  return openAiRoot === undefined || base.endsWith(openAiRoot) ? base : base + openAiRoot;
}

async function localServers(probe: Probe): Promise<readonly LocalServer[]> {
  const answers = await Promise.all(
    PROBED.map(async (id) => ({ id, models: (await probe(openAiBase(LOCAL_PRESETS[id]))) ?? [] })),
  );
  return answers.filter(({ models }) => models.length > 0);
}

/** Every server's first model that can chat is a candidate; all its models are listed. */
function localConfig(servers: readonly LocalServer[]): ConfigInput {
  const refs = servers.map(({ id, models }) => `${id}/${models.find((model) => !EMBEDS.test(model)) ?? models[0]}`);
  const providers = servers.map(({ id, models }) => [id, { models: models.map((model) => ({ id: model })) }]);
  return { ...chainConfig(refs), models: { mode: ONLY_THESE, providers: Object.fromEntries(providers) } };
}

function mockConfig(): ConfigInput {
  return {
    ...chainConfig([`${MOCK_PROVIDER}/${MOCK_MODELS[0]}`]),
    models: {
      mode: ONLY_THESE,
      providers: { [MOCK_PROVIDER]: { api: "mock", models: MOCK_MODELS.map((id) => ({ id })) } },
    },
  };
}

/** Looks around: the environment first, then the usual local ports, all at once. */
export async function embeddedDefault(env: Environment, probe: Probe): Promise<EmbeddedDefault> {
  const hosted = hostedWithKeys(env);
  if (hosted.length > 0) {
    return { config: chainConfig(hosted), harmless: false, found: `keys in the environment: ${hosted.join(", ")}` };
  }
  const servers = await localServers(probe);
  if (servers.length > 0) {
    const names = servers.map(({ id }) => id).join(", ");
    return { config: localConfig(servers), harmless: true, found: `local servers: ${names}` };
  }
  return { config: mockConfig(), harmless: true, found: "nothing else, so the built-in mock answers" };
}
