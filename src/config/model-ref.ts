// `provider/model` as people write it (OpenClaw §3.1). Grammar only: what a ref means is looked up elsewhere.
import { providerIdOf } from "./provider-id.ts";

/** A ref taken apart. */
export interface ModelRef {
  /** Null when the text names no provider. */
  readonly provider: string | null;
  readonly model: string;
}

/** Suffixes after `@` that belong to a model id: dates and quantisations. */
const PART_OF_ID = /^(\d{8}|i?q\d[\w-]*|\d+bit|(bf|fp|int|f|w)\d+\w*|latest|default)$/i;

/** The text without a trailing `@profile`; auth profiles are not ours, so the name of one means nothing here. */
export function withoutProfile(text: string): string {
  const at = text.lastIndexOf("@");
  if (at <= text.lastIndexOf("/") + 1) return text;
  return PART_OF_ID.test(text.slice(at + 1)) ? text : text.slice(0, at);
}

/** Splits at the first slash; null when either side is empty. */
export function parseModelRef(text: string): ModelRef | null {
  const trimmed = text.trim();
  const slash = trimmed.indexOf("/");
  if (slash < 0) return trimmed === "" ? null : { provider: null, model: trimmed };
  const provider = providerIdOf(trimmed.slice(0, slash));
  const model = trimmed.slice(slash + 1).trim();
  return provider === "" || model === "" ? null : { provider, model };
}

/** The id of a target: `provider/model`, the prefix not doubled when the model id already carries it. */
export function targetIdOf(provider: string, model: string): string {
  return model.toLowerCase().startsWith(`${provider}/`) ? model : `${provider}/${model}`;
}
