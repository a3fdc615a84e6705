// TABLE: what helps when a model does not answer, by what it said and by why it failed.
import type { Reason } from "../core/failure.ts";
import type { Target } from "../core/snapshot.ts";

/** What a provider's words give away. */
const BY_WORDS: readonly (readonly [pattern: RegExp, fix: string])[] = [
  [
    /content.{0,40}(expected|must be) a string|expected a string/i,
    "write compat: { requiresStringContent: true } for the model",
  ],
  [
    /\btools?\b|function.?call/i,
    "write compat: { supportsTools: false } for the model, or start the server with tool support",
  ],
  [/context|n_ctx|too long|maximum.{0,20}tokens/i, "lower contextWindow to what the server was started with"],
  [
    /ECONNRESET|socket hang up/,
    "the server breaks off: its log tells why; a model that does not fit into memory ends like this",
  ],
  [/ECONNREFUSED/, "start the server, or correct baseUrl"],
  [/ENOTFOUND|EAI_AGAIN/, "correct the host name in baseUrl"],
];

const BY_REASON: Readonly<Partial<Record<Reason, string>>> = {
  auth: "check the key: 'openclaw-edge models status' shows which one is used",
  auth_permanent: "the key is revoked; make a new one",
  billing: "the account has no credit left",
  rate_limit: "wait, or add a second key (apiKey may be a list)",
  overloaded: "the provider is overloaded; try later, or add a fallback",
  timeout: "is the server loading the model? raise timeoutSeconds of the provider, and keep the model loaded",
  model_not_found: "the server has no such model; 'doctor' lists what local servers have",
  format: "the request was refused; compat flags name what a server cannot take",
  empty_response: "the model said nothing; check its chat template",
};

/** One sentence of advice. */
export function fixFor(reason: Reason, words: string, { local, transport }: Target): string {
  const said = BY_WORDS.find(([pattern]) => pattern.test(words))?.[1];
  const where = local ? `; ask it yourself: curl ${transport.origin}/v1/models` : "";
  return said ?? `${BY_REASON[reason] ?? "read the provider's words"}${where}`;
}
