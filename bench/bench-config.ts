// The product's config for a bench run: one provider, one agent per shape of answer, everything else as it comes.

/** Agents and models are named alike, so that `openclaw/<name>` asks the product for what `<name>` asks the upstream. */
export function benchConfig(upstreamUrl: string, models: readonly string[]): object {
  return {
    agents: { list: models.map((id) => ({ id, model: `bench/${id}` })) },
    models: {
      providers: {
        bench: {
          baseUrl: `${upstreamUrl}/v1`,
          apiKey: "sk-bench-upstream-key",
          api: "openai-completions",
          models: models.map((id) => ({ id, name: id })),
        },
      },
    },
    gateway: { auth: { mode: "token" } },
    // One client stands for thousands here; the caps that protect a real upstream would be what is measured.
    edge: { limits: { inflight: 5000, inflightPerProvider: 5000 } },
  };
}

/** A request body of about 1 KB, as an application sends it; with a `user` it asks for a stream. */
export function requestBody(model: string, user?: string): string {
  const system = "You answer briefly and in the language of the question. ".repeat(6);
  const messages = [
    { role: "system", content: system },
    { role: "user", content: "Wie spät ist es in Ōsaka, und was kostet ein Kaffee? ".repeat(8) },
  ];
  return JSON.stringify({
    model: `openclaw/${model}`,
    messages,
    temperature: 0.2,
    ...(user !== undefined && { stream: true, user }),
  });
}
