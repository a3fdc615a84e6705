// `gateway.bind`: a word becomes the addresses to listen on (OpenClaw §1.11).
import { addressKind, AddressList } from "../core/ip-address.ts";
import type { Config } from "./schema/root.ts";

/** A word of `gateway.bind`. */
export type BindMode = Config["gateway"]["bind"];

/** What the addresses depend on. */
export interface BindSources {
  readonly bind: string;
  readonly customBindHost: string | undefined;
  /** Addresses of this machine's interfaces. */
  readonly localAddresses: readonly string[];
}

/** Addresses to listen on, and whether they are this machine's alone. */
export interface Binding {
  readonly hosts: readonly string[];
  readonly loopback: boolean;
}

/** Why there are none. */
export interface BindProblem {
  readonly problem: string;
  readonly suggestion: string | null;
}

/** Tailscale's addresses (its own part of RFC 6598). */
const TAILNET = new AddressList(["100.64.0.0/10"]);
const LOOPBACK: Binding = { hosts: ["127.0.0.1", "::1"], loopback: true };

function custom({ customBindHost }: BindSources): Binding | BindProblem {
  if (customBindHost === undefined) {
    return { problem: 'bind "custom" needs gateway.customBindHost, an IPv4 address', suggestion: null };
  }
  return { hosts: [customBindHost], loopback: addressKind(customBindHost) === "loopback" };
}

function tailnet({ localAddresses }: BindSources): Binding | BindProblem {
  const address = localAddresses.find((each) => TAILNET.has(each));
  if (address !== undefined) return { hosts: [address], loopback: false };
  return {
    problem: 'bind "tailnet" needs an address in 100.64.0.0/10, and this machine has none',
    suggestion: "loopback",
  };
}

const BINDINGS = {
  loopback: () => LOOPBACK,
  // The choice is ours, and the choice that surprises nobody is the closed one.
  auto: () => LOOPBACK,
  lan: () => ({ hosts: ["0.0.0.0"], loopback: false }),
  custom,
  tailnet,
} as const satisfies Record<BindMode, (sources: BindSources) => Binding | BindProblem>;

const isMode = (bind: string): bind is BindMode => Object.hasOwn(BINDINGS, bind);

/** The mode that somebody meant who wrote a host; null for what is none. */
export function bindModeMeant(host: string): BindMode | null {
  const name = host.toLowerCase();
  if (["0.0.0.0", "::", "*", "any", "all", "[::]"].includes(name)) return "lan";
  if (["127.0.0.1", "::1", "localhost", "[::1]"].includes(name)) return "loopback";
  return addressKind(name) === null ? null : "custom";
}

/** The addresses of a mode; host names and addresses are no modes, and the problem says which mode was meant. */
export function bindingOf(sources: BindSources): Binding | BindProblem {
  if (isMode(sources.bind)) return BINDINGS[sources.bind](sources);
  const suggestion = bindModeMeant(sources.bind);
  const more = suggestion === "custom" ? " with gateway.customBindHost" : "";
  const hint = suggestion === null ? "" : `; for this address use "${suggestion}"${more}`;
  return { problem: `"${sources.bind}" is not a bind mode (${Object.keys(BINDINGS).join(", ")})${hint}`, suggestion };
}
