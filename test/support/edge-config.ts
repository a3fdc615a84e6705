// Configs for end-to-end tests: providers in front of scripted ones, one agent with their chain.

/** One provider of a config, with one model `m` that is named after it on the wire. */
export interface ProviderEntry {
  readonly url: string;
  readonly more?: object;
  readonly model?: object;
}

/** A config whose default agent has these providers as its chain, in order. Provider `a` serves `a/m` and so on. */
export function chainConfig(providers: Readonly<Record<string, ProviderEntry | string>>, more: object = {}): object {
  const names = Object.keys(providers);
  const entries = names.map((name) => {
    const given = providers[name] as ProviderEntry | string;
    const { url, more: extra = {}, model = {} } = typeof given === "string" ? { url: given } : given;
    const models = [{ id: "m", ...model }];
    return [name, { baseUrl: url, apiKey: `sk-upstream-${name}-secret`, api: "openai-completions", models, ...extra }];
  });
  const [primary, ...fallbacks] = names.map((name) => `${name}/m`);
  return {
    models: { mode: "replace", providers: Object.fromEntries(entries) },
    agents: { defaults: { model: { primary, fallbacks } } },
    edge: { providers: Object.fromEntries(names.map((name) => [name, { dialects: DIALECTS }])) },
    ...more,
  };
}

/** The config with these keys in its `edge` as well. */
export function withEdgeKeys(config: object, keys: object): object {
  const { edge = {} } = config as { readonly edge?: object };
  return { ...config, edge: { ...edge, ...keys } };
}

const DIALECTS = ["openai-chat", "openai-responses", "openai-embeddings"];

/** A config with the built-in mock provider only. */
export function mockConfig(primary = "mock/echo", more: object = {}): object {
  return {
    models: { mode: "replace", providers: { mock: { api: "mock", params: { ttftMs: 0, tokensPerSecond: 0 } } } },
    agents: { defaults: { model: { primary } } },
    ...more,
  };
}
