// Words that rows, configuration and checks share.

/** Stands in every prompt, the agent's name behind it; must never be seen in a log or a metric. */
export const PROMPT_CANARY = "canary-prompt-7d1e";
/** Stands in every provider key, the provider's name behind it. */
export const KEY_CANARY = "sk-canary-upstream-4b7c91";
/** The provider, model and agent that are always well. */
export const WELL = "well";
/** What the provider that is always well says. */
export const WELL_TEXT = `Grüße from ${WELL} 🦞`;
/** Bounds in time are reported; only such a multiple of them fails. */
export const PATIENCE = 20;
/** In words of a provider that tell its address: the operator's log keeps them, and no other line may hold an address. */
export const TELLS_ADDRESS = "I live at";
