// The line of the file that makes a learned remedy permanent.
import { type RemedyName, REMEDIES } from "./remedy.ts";

/** Whose line it is. */
export interface LineOwner {
  readonly provider: string;
  /** `provider/model`. */
  readonly target: string;
  /** True when the file has an entry for the model, which can hold flags. */
  readonly isListed: boolean;
}

/** OpenClaw's own flag where there is one and an entry to hold it, else a line of `edge`. */
export function remedyLine({ provider, target, isListed }: LineOwner, name: RemedyName): string {
  const { flags, isOpenClaw } = REMEDIES[name];
  if (!isListed || !isOpenClaw) return `edge.compat.adjust[${JSON.stringify(target)}]: ["${name}"]`;
  const [flag, value] = Object.entries(flags)[0] as [string, unknown];
  const model = JSON.stringify(target.slice(provider.length + 1));
  return `models.providers.${provider}.models[${model}].compat.${flag}: ${JSON.stringify(value)}`;
}
