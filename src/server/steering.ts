// Headers that steer a model call: ours (OpenClaw §1.5), and the one of Anthropic's that goes on to a provider.
import type { IncomingHttpHeaders } from "node:http";
import type { Steering } from "../core/facts.ts";
import { field } from "./fields.ts";

/** What the head says of agent, model, channel and features; a blank header is an absent one. */
export function steeringOf(headers: IncomingHttpHeaders): Steering {
  return {
    agent: field(headers, "x-openclaw-agent-id") ?? field(headers, "x-openclaw-agent"),
    model: field(headers, "x-openclaw-model"),
    channel: field(headers, "x-openclaw-message-channel"),
    betas: field(headers, "anthropic-beta"),
  };
}
