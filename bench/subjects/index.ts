// Everybody who is measured: one row each, started in this order. Who cannot be had is told of and left out.
import { EDGE_KINDS, type EdgeKind, type EdgeWorld, startEdgeSubject } from "./edge.ts";
import { startNginx } from "./nginx.ts";
import { startPortkey } from "./portkey.ts";
import { HEADERS, startFloor, type Subject } from "./subject.ts";

/** A subject beside the upstream itself. */
export type SubjectName = "nginx" | "floor" | "portkey" | EdgeKind;

/** Those that are running, and why others are not. */
export interface Field {
  readonly subjects: readonly Subject[];
  readonly missing: Readonly<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What starting them takes. */
export interface FieldOptions {
  readonly world: EdgeWorld;
  readonly upstream: Subject;
  /** The product's program. */
  readonly entry: string;
  readonly names: readonly SubjectName[];
  readonly say: (text: string) => void;
}

/** Starts them; the upstream comes first among them. */
export async function startField({ world, upstream, entry, names, say }: FieldOptions): Promise<Field> {
  await using stack = new AsyncDisposableStack();
  const subjects = [upstream];
  const missing: Record<string, string> = {};
  for (const name of names) {
    try {
      subjects.push(stack.use(await started(name, { world, upstream, entry, names, say })));
    } catch (error) {
      missing[name] = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
      // Without the product and its floor there is nothing to say.
      if (name === "edge" || name === "floor") throw error;
      say(`without ${name}: ${missing[name]}`);
    }
  }
  const alive = stack.move();
  return { subjects, missing, [Symbol.asyncDispose]: async () => alive.disposeAsync() };
}

async function started(name: SubjectName, { world, entry, say }: FieldOptions): Promise<Subject> {
  if (isEdgeKind(name)) return startEdgeSubject(name, world, entry);
  if (name === "portkey") return portkeySubject(world.upstreamUrl, say);
  return name === "nginx" ? startNginx(world.upstreamUrl) : startFloor(world.upstreamUrl);
}

function isEdgeKind(name: string): name is EdgeKind {
  return Object.hasOwn(EDGE_KINDS, name);
}

async function portkeySubject(upstreamUrl: string, say: (text: string) => void): Promise<Subject> {
  const portkey = await startPortkey(say);
  const more = { "x-portkey-provider": "openai", "x-portkey-custom-host": `${upstreamUrl}/v1` };
  return { ...portkey, name: "portkey", headers: { ...HEADERS, ...more } };
}
