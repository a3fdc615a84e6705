// The matrix on stage: the product as a process in front of one strict provider per wire format. A provider answers by a cue, in order;
// what it heard, and what it refused, is kept for the test.
import type { ProviderRequest } from "../support/provider-request.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import type { Script } from "../support/script.ts";
import { type Heard, Memory, Refused, type Said, type Wire, whole } from "./wire.ts";
import { anthropicMessagesWire } from "./wires/anthropic-messages.ts";
import { googleGenerativeWire } from "./wires/google-generative.ts";
import { ollamaWire } from "./wires/ollama.ts";
import { openaiChatWire } from "./wires/openai-chat.ts";
import { openaiResponsesWire } from "./wires/openai-responses.ts";

/** TABLE: the providers, by the `api` of the config. */
export const WIRES = {
  "openai-completions": openaiChatWire,
  "openai-responses": openaiResponsesWire,
  "anthropic-messages": anthropicMessagesWire,
  "google-generative-ai": googleGenerativeWire,
  ollama: ollamaWire,
} as const satisfies Record<string, Wire>;
export type Api = keyof typeof WIRES;
export const APIS = Object.keys(WIRES) as Api[];

/** What a provider does when it is asked next. */
export type Cue =
  | { readonly does: "say"; readonly said: Said }
  | { readonly does: "begin" | "break-off"; readonly texts: readonly string[] }
  | { readonly does: "limit" | "fail" }
  | { readonly does: "refuse"; readonly message: string };

/** One provider on stage. */
export class Actor {
  readonly wire: Wire;
  readonly provider: Provider;
  /** Every request since the last cue, as it was understood. */
  heard: Heard[] = [];
  /** Requests as they came. */
  requests: ProviderRequest[] = [];
  /** Why requests were refused though no cue said so. */
  refused: string[] = [];
  readonly #memory = new Memory();
  #cues: Cue[] = [];

  constructor(wire: Wire, provider: Provider) {
    this.wire = wire;
    this.provider = provider;
  }

  /** What comes next; whatever was heard before is forgotten, proofs given out are not. */
  cue(...cues: readonly Cue[]): void {
    this.#cues = [...cues];
    this.heard = [];
    this.requests = [];
    this.refused = [];
  }

  /** Answers one request. */
  play(request: ProviderRequest): Script {
    const { wire } = this;
    this.requests.push(request);
    try {
      const heard = wire.hear(request, this.#memory);
      this.heard.push(heard);
      return this.#act(this.#cues.shift(), heard);
    } catch (error) {
      const message = error instanceof Refused ? error.message : String(error);
      this.refused.push(message);
      return whole(wire.refusal(message), 400);
    }
  }

  #act(cue: Cue | undefined, heard: Heard): Script {
    const { wire } = this;
    switch (cue?.does) {
      case undefined:
        throw new Refused("nobody expected this request");
      case "say":
        return wire.say(cue.said, heard, this.#memory);
      case "begin":
        return wire.begin(cue.texts);
      case "break-off":
        return wire.breakOff(cue.texts);
      case "limit":
        return whole(wire.limit.body, wire.limit.status);
      case "fail":
        return whole(wire.refusal("something went wrong here"), 500);
      case "refuse":
        return whole(wire.refusal(cue.message), 400);
    }
  }
}

/** Starts an actor for a wire. */
export async function startActor(wire: Wire): Promise<Actor> {
  const provider = await startProvider();
  const actor = new Actor(wire, provider);
  provider.answerAll((request) => actor.play(request));
  return actor;
}

/** The entry of a provider in a config. */
export function entryFor({ wire, provider }: Actor, model: object = {}): object {
  const models = [{ id: wire.model, ...model }];
  return { baseUrl: `${provider.origin}${wire.base}`, apiKey: "sk-upstream-matrix", api: wire.api, models };
}

/** What a stage holds beside an agent for each provider. */
export interface StageOptions {
  /** Further agents for each provider, with a credential of their own: for answers that cool it. */
  readonly asides?: number;
  /** Agents with chains, by name. */
  readonly chains?: Readonly<Record<string, readonly Api[]>>;
  /** How often the chains are there, each time with providers of their own: what cools in one does not in another. */
  readonly companies?: number;
}

/** All providers, and the product in front of them. */
export class Stage {
  readonly edge: Edge;
  readonly actors: Readonly<Record<Api, Actor>>;
  readonly #asides = new Map<Api, number>();

  private constructor(edge: Edge, actors: Readonly<Record<Api, Actor>>) {
    this.edge = edge;
    this.actors = actors;
  }

  static async open({ asides = 0, chains = {}, companies = 0 }: StageOptions): Promise<Stage> {
    const started = await Promise.all(APIS.map(async (api) => [api, await startActor(WIRES[api])] as const));
    const actors = Object.fromEntries(started) as Record<Api, Actor>;
    const counted = (times: number) => Array.from({ length: times }, (_, at) => at);
    const single = APIS.flatMap((api) =>
      [api, ...counted(asides).map((at) => asideOf(api, at))].map((id) => ({ id, api })),
    );
    const shared = APIS.flatMap((api) => counted(companies).map((at) => ({ id: memberOf(api, at), api })));
    const linked = Object.entries(chains).flatMap(([name, apis]) =>
      counted(companies).map((at) => ({
        id: memberOf(name, at),
        model: chainOf(apis.map((api) => modelOf(memberOf(api, at), api))),
      })),
    );
    const providers = [...single, ...shared];
    const edge = await startEdge({
      config: {
        models: {
          mode: "replace",
          providers: Object.fromEntries(providers.map(({ id, api }) => [id, entryFor(actors[api])])),
        },
        agents: { list: [...single.map(({ id, api }) => ({ id, model: modelOf(id, api) })), ...linked] },
        edge: {
          providers: Object.fromEntries(providers.map(({ id, api }) => [id, { dialects: [WIRES[api].dialect] }])),
        },
      },
    });
    return new Stage(edge, actors);
  }

  /** An agent that no cell has had before. */
  aside(api: Api): string {
    const at = this.#asides.get(api) ?? 0;
    this.#asides.set(api, at + 1);
    return asideOf(api, at);
  }

  async close(): Promise<void> {
    await this.edge.stop();
    await Promise.all(APIS.map(async (api) => this.actors[api].provider.close()));
  }
}

function asideOf(api: Api, at: number): string {
  return `${api}-aside-${at}`;
}

/** A provider or a chain of one company. */
export function memberOf(name: string, company: number): string {
  return `${name}-of-${company}`;
}

function modelOf(provider: string, api: Api): string {
  return `${provider}/${WIRES[api].model}`;
}

function chainOf([primary, ...fallbacks]: readonly string[]): object {
  return { primary, fallbacks };
}
