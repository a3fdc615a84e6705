// The request of one attempt: the client's own bytes with some members spliced, or the same in the provider's words; then what the
// target's flags and the file ask for. Response and order of events are none of its business.
import { agentFillOf } from "../core/agent-fill.ts";
import { assert } from "../core/assert.ts";
import { type Failure, isFailure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import type { Candidate } from "../core/plan.ts";
import type { Target } from "../core/snapshot.ts";
import type { AddedHeader } from "../core/upstream.ts";
import type { DirectTranslation, Egress, EncodedRequest } from "../dialects/dialect.ts";
import { readEffort } from "../dialects/effort.ts";
import type { ChatRequest, Effort, Thinking } from "../dialects/vocabulary.ts";
import { Draft } from "../transforms/draft.ts";
import { writtenLevel } from "../transforms/fill-thinking.ts";
import { transform } from "../transforms/index.ts";
import { askedFor, asksStream } from "./asked-kind.ts";
import { offeredTools } from "./offered-tools.ts";
import type { Run } from "./run.ts";

/** What goes to the provider, and what it took to get there. */
export interface LaneRequest {
  readonly body: Buffer;
  /** Features that the client asks a provider of its own dialect for; null: none. */
  readonly added: AddedHeader | null;
  /** What the target cannot take and was dropped, renamed or clamped. */
  readonly adjusted: readonly string[];
  /** Names of the tools offered; null when text is not to be read as calls. */
  readonly tools: (() => ReadonlySet<string>) | null;
}

/** The request for a candidate, or why it cannot be put into the provider's words. */
export function requestFor(run: Run, candidate: Candidate, egress: Egress): LaneRequest | Failure {
  const draft = candidate.request === "translate" ? translated(run, candidate, egress) : fitted(run, candidate, egress);
  if (isFailure(draft)) return draft;
  const { target } = candidate;
  transform(draft, target, agentFill(run, target));
  const tools = target.readsToolText ? offeredTools(draft) : null;
  const added = featuresFor(run, candidate, egress);
  const lost = run.facts.steering.betas === null || added !== null ? draft.adjusted : [...draft.adjusted, BETAS_LOST];
  return { body: draft.encoded(), added, adjusted: lost, tools };
}

/** The header that asks for features, where it goes nowhere. */
const BETAS_LOST = "anthropic-beta";

/** Names of features mean something in their own dialect only. */
function featuresFor({ facts }: Run, { request }: Candidate, { features }: Egress): AddedHeader | null {
  if (features === undefined || request === "translate" || facts.steering.betas === null) return null;
  return { name: features.header, values: features.namesIn(facts.steering.betas) };
}

const NO_FILL: JsonObject = {};

/** The client's own bytes, spliced. */
function fitted(run: Run, { dialect, target }: Candidate, egress: Egress): Draft {
  const { body, stream: wanted } = run.facts;
  const stream = asksStream(wanted, target, egress);
  const fit = egress.fitBody(body, { target, stream, effort: effortFor(run, target, egress) });
  const asked = stream === wanted ? fit : askedFor(stream, body, fit);
  return Draft.ofBody(dialect, body, asked);
}

/** The request in the provider's words. */
function translated(run: Run, { dialect, target }: Candidate, egress: Egress): Draft | Failure {
  const encoded =
    egress.direct === undefined ? inCommonWords(run, target, egress) : directly(run, target, egress.direct);
  if (isFailure(encoded)) return encoded;
  const from = { client: run.facts.body, lost: encoded.lost };
  return Draft.ofTree(dialect, encoded.tree, from);
}

/** By way of the vocabulary. */
function inCommonWords(run: Run, target: Target, egress: Egress): EncodedRequest | Failure {
  const decoded = run.decoded();
  if (isFailure(decoded)) return decoded;
  const { encodeRequest } = egress;
  assert(encodeRequest, "the plan translates only into dialects that can be written");
  const thinking = addedThinking(decoded.request, { run, target, egress });
  const request = thinking === null ? decoded.request : { ...decoded.request, thinking };
  const encoded = encodeRequest(request, { target, stream: asksStream(run.facts.stream, target, egress) });
  if (isFailure(encoded)) return encoded;
  // What we add ourselves is nobody's loss.
  const lost = thinking === null ? encoded.lost : encoded.lost.filter((name) => !THINKING_NAMES.has(name));
  return { ...encoded, lost: [...decoded.lost, ...lost] };
}

/** Names by which encoders tell that a wish for thinking was bent. */
const THINKING_NAMES: ReadonlySet<string> = new Set(["thinking", "reasoning_effort", "reasoning.summary"]);

/** The thinking that the file asks for where the client says nothing of it (decision 11 c); null: none. */
function addedThinking(
  request: ChatRequest,
  { run, target, egress }: { readonly run: Run; readonly target: Target; readonly egress: Egress },
): Thinking | null {
  if (request.thinking !== undefined || egress.mayAddThinking?.(request, target) !== true) return null;
  const effort = effortFor(run, target, egress);
  return effort === null ? null : { effort };
}

/** The file's level, in dialects that add it by themselves. */
function effortFor(run: Run, target: Target, { mayAddThinking }: Egress): Effort | null {
  if (mayAddThinking === undefined) return null;
  return readEffort(writtenLevel(target, agentFill(run, target)) ?? undefined) ?? null;
}

function agentFill({ snapshot, plan }: Run, target: Target): JsonObject {
  const agent = snapshot.agents.get(plan.agent);
  return agent === undefined ? NO_FILL : agentFillOf(agent, target);
}

/** From one dialect into the other. */
function directly(run: Run, target: Target, direct: DirectTranslation): EncodedRequest | Failure {
  const asked = run.asked();
  return isFailure(asked) ? asked : direct.encodeRequest(asked, target);
}
