// By which names browsers may call the page. A name that somebody else can point at this machine (DNS rebinding) is not among them.
import { failure, type Failure } from "../../core/failure.ts";
import { canonicalAddress } from "../../core/ip-address.ts";
import { isLoopbackAuthority } from "../authority.ts";
import { field } from "../fields.ts";
import type { Visit } from "../visit.ts";

/** Null where the `Host` may be the page's; else the refusal. */
export function pageHostFault({ headers, snapshot }: Visit): Failure | null {
  const { statusPage, auth } = snapshot.gateway;
  const host = field(headers, "host") ?? "";
  if (isLoopbackAuthority(host)) return null;
  // The proxy knows its names, and nobody else is let in; without auth, only this machine may call.
  if (auth.mode === "trusted-proxy") return null;
  if (auth.mode !== "none" && isNobodyElses(nameOf(host), statusPage.hosts)) return null;
  return failure("forbidden", "The page is not served by this name; `edge.statusPage.hosts` lists further ones.", {
    detail: "host_not_allowed",
    phase: "request",
  });
}

/** Addresses name themselves, and names without a dot belong to the local network. */
function isNobodyElses(name: string, hosts: readonly string[]): boolean {
  return (name !== "" && !name.includes(".")) || canonicalAddress(name) !== null || hosts.includes(name);
}

function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}
