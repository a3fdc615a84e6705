// 3.8, P26: JSON whose values take far more memory and time than its bytes. One hostile client or provider must not end or stop the process.
import * as does from "../../support/behaviours.ts";
import type { Edge } from "../../support/edge.ts";
import { polled } from "../../support/wait.ts";
import { actorConfig, apart, withEdge } from "../apart.ts";
import { unless } from "../client.ts";
import type { FlowRow } from "../row.ts";

const CHAT = "/v1/chat/completions";
const CALL = { messages: [{ role: "user", content: "hi" }] };
const OPTIONS = { env: { NODE_OPTIONS: "--max-old-space-size=256" } };
const OUR_HEAP = "it is about the product's own heap";
/** Six million objects are 18 MB of text, and 350 MB parsed. */
const OBJECTS = `[${"{},".repeat(5_999_999)}{}]`;
/** Two bytes a level: less than an event may have. */
const LEVELS = `${"[".repeat(3_500_000)}${"]".repeat(3_500_000)}`;

async function answered(edge: Edge): Promise<boolean> {
  return edge.post(CHAT, CALL).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** The row of a provider that answers so; behind it the next request must be answered. */
function hostileAnswer(
  { id, says, stream }: { readonly id: string; readonly says: string; readonly stream: boolean },
  behaviour: does.Behaviour,
): FlowRow {
  const wants = "502 for this request, and the next one is answered";
  return apart(
    { id, says, wants },
    {
      onlyHere: OUR_HEAP,
      play: async (bench) => {
        const actor = id.toLowerCase();
        const config = actorConfig(bench, actor);
        return withEdge({ ...OPTIONS, config }, async (edge) => {
          bench.on(actor, behaviour);
          const response = await edge.post(CHAT, { ...CALL, stream });
          await response.text();
          bench.on(actor, does.answer());
          await polled(() => answered(edge), "an answer behind it");
          return unless(response.status === 502 && edge.child.code === null, `status ${response.status}`);
        });
      },
    },
  );
}

const whole = (more: string): does.Behaviour => {
  const body = `{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],${more}}`;
  return does.status(200, body, [["content-type", "application/json"]]);
};

/** The rows. */
export const SHAPES: readonly FlowRow[] = [
  apart(
    {
      id: "P26-values",
      says: "a client writes six million small values",
      wants: "400 invalid_body, and the next one is answered",
    },
    {
      onlyHere: OUR_HEAP,
      play: async (bench) => {
        bench.on("p26-values", does.answer());
        return withEdge({ ...OPTIONS, config: actorConfig(bench, "p26-values") }, async (edge) => {
          const body = `{"messages":[{"role":"user","content":"hi"}],"metadata":${OBJECTS}}`;
          const headers = edge.headers();
          const response = await fetch(`${edge.url}${CHAT}`, { method: "POST", headers, body });
          const { error } = (await response.json()) as { readonly error: { readonly code: string } };
          const alive = await answered(edge);
          return unless(
            response.status === 400 && error.code === "invalid_body" && alive,
            `status ${response.status} ${error.code}, alive: ${alive}`,
          );
        });
      },
    },
  ),
  hostileAnswer(
    { id: "P26-answer", says: "a provider's whole answer has six million small values", stream: false },
    whole(`"x":${OBJECTS}`),
  ),
  hostileAnswer(
    { id: "P26-levels", says: "a provider's whole answer has 3.5 million levels", stream: false },
    whole(`"x":${LEVELS}`),
  ),
  hostileAnswer(
    { id: "P26-event", says: "a provider's first event has 3.5 million levels", stream: true },
    does.streamOf([`data: {"x":${LEVELS}}\n\n`, "data: [DONE]\n\n"]),
  ),
  hostileAnswer(
    { id: "P26-error", says: "a provider's error has 3.5 million levels", stream: false },
    does.status(500, `{"error":${LEVELS}}`, [["content-type", "application/json"]]),
  ),
];
