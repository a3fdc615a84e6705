// The empty page: it holds no figure and no secret, so everybody may have it whose `Host` is right. What it may do is fixed by a policy of
// hashes: its own style, its own script, and calls to where it came from.
import { createHash } from "node:crypto";
import type { AuthSettings } from "../../core/snapshot.ts";
import { type Answer, jsonAnswer } from "../answer.ts";
import { field } from "../fields.ts";
import { once } from "../once.ts";
import type { Visit } from "../visit.ts";
import { pageText } from "./page-text.ts";
import { hasSession } from "./session.ts";

/** What the page is told of the visitor: nothing to show, signed in, or what to ask for. */
type Door = "open" | "signed-in" | "token" | "password";

/** What the page asks for, and the variable that holds what clients show: none where they show nothing, or what the proxy asks for. */
interface Asking {
  readonly door: Door;
  readonly shownFrom: string;
}

const OPEN: Asking = { door: "open", shownFrom: "" };
const ASKING: Readonly<Record<AuthSettings["mode"], Asking>> = {
  none: OPEN,
  token: { door: "token", shownFrom: "OPENCLAW_GATEWAY_TOKEN" },
  password: { door: "password", shownFrom: "OPENCLAW_GATEWAY_PASSWORD" },
  "trusted-proxy": OPEN,
};

/** Flat. Nothing of the page is cached, framed, or read by other sites. */
const ALWAYS: readonly string[] = Object.entries({
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  vary: "accept, cookie",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
}).flat();

/** The page for browsers; for programs, where to look. */
export function page(visit: Visit): Answer {
  if (!wantsHtml(visit)) return jsonAnswer(200, POINTERS, ["vary", "accept"]);
  const { text, policy } = pageOf(visit.lobby.parts);
  const { door, shownFrom } = ASKING[visit.snapshot.gateway.auth.mode];
  const body = text.replace("%door%", hasSession(visit) ? "signed-in" : door).replace("%key%", shownFrom);
  return { status: 200, headers: [...ALWAYS, "content-security-policy", policy], body };
}

const POINTERS = `${JSON.stringify({
  name: "openclaw-edge",
  status: "/status.json",
  models: "/v1/models",
  health: "/healthz",
  ready: "/readyz",
  metrics: "/api/diagnostics/prometheus",
})}\n`;

/** Made on first use: who never looks, pays nothing. */
const pageOf = once((_process: object) => {
  const text = pageText();
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(text, "script")}`,
    `style-src ${hashes(text, "style")}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return { text, policy: policy.join("; ") };
});

/** The hashes of what stands between the tags of this name (CSP3 §6.7.3). */
function hashes(text: string, tag: string): string {
  const found = [...text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))];
  return found.map(([, inner = ""]) => `'sha256-${createHash("sha256").update(inner).digest("base64")}'`).join(" ");
}

function wantsHtml({ headers, path }: Visit): boolean {
  const accept = field(headers, "accept") ?? "";
  return accept.includes("text/html") || (path === "/status" && !accept.includes("json"));
}
