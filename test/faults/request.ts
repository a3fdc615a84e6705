// The request that rows send, as bytes.
import { requestBytes } from "../support/raw.ts";
import type { Gateway } from "./gateway.ts";
import { PROMPT_CANARY } from "./names.ts";
import type { Api, Shape } from "./row.ts";

/** What may differ. */
export interface ChatRequest {
  readonly shape?: Shape;
  readonly api?: Api;
  /** Merged into the body. */
  readonly body?: object;
  /** Further fields of the head. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Paths of a provider by API. */
export const PATHS = { chat: "/v1/chat/completions", responses: "/v1/responses" } as const satisfies Record<
  Api,
  string
>;

/** A request to an agent. */
export function chatBytes(gateway: Gateway, agent: string, request: ChatRequest = {}): Buffer {
  const { shape = "stream", api = "chat", body = {} } = request;
  const { path, headers, model } = gateway.address(agent, api);
  const prompt = `hello ${PROMPT_CANARY}-${agent}`;
  const asked = api === "chat" ? { messages: [{ role: "user", content: prompt }] } : { input: prompt };
  return requestBytes({
    path,
    headers: { ...headers, ...request.headers },
    body: JSON.stringify({ model, stream: shape === "stream", ...asked, ...body }),
  });
}
