// One provider with everything that all of its targets share, looked up and judged once.
import { VERSION_PARAMETER } from "./azure.ts";
import type { Cooldowns } from "./cooldowns.ts";
import type { Config } from "./schema/root.ts";
import type { Environment } from "./environment.ts";
import type { CommonParams } from "./fill.ts";
import type { KeyPath } from "./key-path.ts";
import { type KeyLack, keyRing, type KeyRing } from "./key-ring.ts";
import type { Preset } from "./preset.ts";
import type { Report } from "./report.ts";
import type { ChooseProxy } from "./egress-proxy.ts";
import { type RequestParts, requestParts } from "./request-parts.ts";
import type { ApiKind } from "./schema/model-object.ts";
import type { ProviderConfig } from "./schema/models.ts";
import type { SecretBook } from "./secrets.ts";
import { type WireLine, wireLine } from "./wire-line.ts";

/** What all frames of one snapshot are made with. */
export interface FrameContext {
  readonly env: Environment;
  readonly book: SecretBook;
  readonly edge: Config["edge"];
  /** The proxy of the whole process. */
  readonly proxy: ChooseProxy;
  readonly cooldowns: Cooldowns;
  /** `params` of `agents.defaults`. */
  readonly params: CommonParams;
  /** `agents.defaults.contextTokens`: no model may use more of its context; null when not written. */
  readonly contextTokensMax: number | null;
  /** Our version, for `user-agent`. */
  readonly version: string;
  readonly report: Report;
}

/** Where a provider comes from: the file, the built-in table, or both. */
export interface ProviderSource {
  readonly id: string;
  /** Where the file has it; the place around it when only the table has it. */
  readonly path: KeyPath;
  readonly written: ProviderConfig | null;
  readonly preset: Preset | null;
  readonly extras: Config["edge"]["providers"][string] | null;
}

/** A provider, ready to make targets of. */
export interface ProviderFrame extends ProviderSource {
  readonly context: FrameContext;
  readonly api: ApiKind;
  readonly baseUrl: string | null;
  readonly ring: KeyRing;
  readonly parts: RequestParts;
  /** Null when the address was refused, which has been said, or when there is none. */
  readonly line: WireLine | null;
  /** Secrets that were written and are not there. */
  readonly lacks: readonly KeyLack[];
}

const API_DEFAULT: ApiKind = "openai-completions";

/** The line of a provider for an `api` and address of its own or of one model. */
export function lineOf(frame: Omit<ProviderFrame, "line">, api: ApiKind, baseUrl: string | null): WireLine | string {
  const { providerHeaders, requestHeaders } = frame.parts;
  const written = [...Object.entries(providerHeaders), ...Object.entries(requestHeaders)];
  const version = written.findLast(([name]) => name.toLowerCase() === VERSION_PARAMETER);
  return wireLine({
    api,
    baseUrl,
    preset: frame.preset,
    dialects: frame.extras?.dialects,
    allowPrivateNetwork: frame.written?.request?.allowPrivateNetwork,
    versionHeader: version?.[1] ?? null,
    env: frame.context.env,
  });
}

/** An address that cannot be used is an error where somebody wrote the provider; an unused row of the table is no news. */
function framedLine(frame: Omit<ProviderFrame, "line">): WireLine | null {
  const { written, path, context } = frame;
  const at = [...path, "baseUrl"];
  if (context.book.isUnfilled(at)) return null;
  const line = lineOf(frame, frame.api, frame.baseUrl);
  if (typeof line !== "string") {
    const doubt = written === null ? null : (line.address?.doubt ?? null);
    if (doubt !== null) context.report({ severity: "warning", code: "private_address", path: at, message: doubt });
    return line;
  }
  // Every model may bring its own address; then the provider needs none.
  const needed =
    written !== null && (frame.baseUrl !== null || written.models.some((model) => model.baseUrl === undefined));
  if (needed || written?.models.length === 0) context.report({ code: "bad_address", path: at, message: line });
  return null;
}

/** Looks up and judges one provider. */
export function providerFrame(source: ProviderSource, context: FrameContext): ProviderFrame {
  const { id, path, written, preset } = source;
  const ring = keyRing({
    provider: id,
    preset,
    apiKey: written?.apiKey,
    path: [...path, "apiKey"],
    env: context.env,
    book: context.book,
  });
  const parts = requestParts(written, path, context);
  const frame = {
    ...source,
    context,
    api: written?.api ?? preset?.api ?? API_DEFAULT,
    baseUrl: written?.baseUrl ?? preset?.baseUrl ?? null,
    ring,
    parts,
    lacks: [...ring.lacks, ...parts.lacks],
  };
  return { ...frame, line: framedLine(frame) };
}
