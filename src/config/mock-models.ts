// The models of the built-in mock provider that the embedded default lists. The mock itself knows what each of them does.

/** Id of the provider whose `api` is `mock` in the embedded default. */
export const MOCK_PROVIDER = "mock";

/** Model ids, the default first. */
export const MOCK_MODELS = [
  "echo",
  "lorem",
  "slow",
  "tools",
  "reasoning",
  "fail-400",
  "fail-401",
  "fail-402",
  "fail-404",
  "fail-429",
  "fail-500",
  "fail-503",
  "hang",
  "hang-midstream",
  "reset",
  "reset-midstream",
  "error-in-200",
  "error-midstream",
  "empty",
  "html",
  "embed",
] as const;
