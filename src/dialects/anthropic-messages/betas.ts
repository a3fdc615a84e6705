// `anthropic-beta`: a client's names of features, for providers that speak the Messages API. They go to nobody else (OpenClaw §5.1).

const BETA = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const BETAS_MAX = 32;

/** The names in a client's header. What is no name is left out: it cannot be a feature. */
export function betasIn(header: string | null): readonly string[] {
  if (header === null) return [];
  const names = header.split(",").map((name) => name.trim());
  return names.filter((name) => BETA.test(name)).slice(0, BETAS_MAX);
}

/** The features of both paths of the Messages API. */
export const BETAS = { header: "anthropic-beta", namesIn: betasIn } as const;
