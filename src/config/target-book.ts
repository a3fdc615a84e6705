// All targets of one configuration: those that the file lists, and those that a chain or the model list names besides.
import type { Provider, Target } from "../core/snapshot.ts";
import { listedTarget, mouldOf, type TargetMould, targetOf } from "./compile-target.ts";
import { MOCK_MODELS } from "./mock-models.ts";
import { targetIdOf } from "./model-ref.ts";
import type { ProviderFrame } from "./provider-frame.ts";

/** One provider with its targets so far. */
class Shelf {
  readonly frame: ProviderFrame;
  /** Null when the provider has no usable line; then it has no targets of its own. */
  readonly mould: TargetMould | null;
  readonly targets: Map<string, Target>;

  constructor(frame: ProviderFrame) {
    this.frame = frame;
    this.mould = frame.line === null ? null : mouldOf(frame, frame.line);
    this.targets = new Map();
  }
}

/** Finds targets, and makes those that nobody listed. */
export class TargetBook {
  readonly #shelves: ReadonlyMap<string, Shelf>;

  constructor(frames: Iterable<ProviderFrame>) {
    this.#shelves = new Map([...frames].map((frame) => [frame.id, new Shelf(frame)]));
    for (const shelf of this.#shelves.values()) this.#list(shelf);
  }

  /** The target of a model of a known provider; null when that provider cannot be reached at all. */
  target(provider: string, model: string): Target | null {
    const shelf = this.#shelves.get(provider);
    if (shelf === undefined) return null;
    const known = this.known(provider, model);
    if (known !== null || shelf.mould === null) return known;
    const made = targetOf(shelf.mould, model);
    const same = shelf.targets.get(made.id.toLowerCase());
    if (same !== undefined) return same;
    shelf.targets.set(made.id.toLowerCase(), made);
    return made;
  }

  /** The target that the file lists or has named already. The id may carry the provider's name in front. */
  known(provider: string, model: string): Target | null {
    const targets = this.#shelves.get(provider)?.targets;
    const full = `${provider}/${model}`.toLowerCase();
    return targets?.get(targetIdOf(provider, model).toLowerCase()) ?? targets?.get(full) ?? null;
  }

  /** The provider's frame; null for a provider that nobody knows. */
  frame(provider: string): ProviderFrame | null {
    return this.#shelves.get(provider)?.frame ?? null;
  }

  /** All targets by lower-case id. */
  all(): ReadonlyMap<string, Target> {
    return new Map([...this.#shelves.values()].flatMap((shelf) => Array.from(shelf.targets)));
  }

  /** The providers that can be reached, as a snapshot has them. */
  providers(): ReadonlyMap<string, Provider> {
    const shelves = [...this.#shelves.values()].filter(({ mould, targets }) => mould !== null || targets.size > 0);
    return new Map(shelves.map((shelf) => [shelf.frame.id, this.#provider(shelf)]));
  }

  #list(shelf: Shelf): void {
    const { frame, mould } = shelf;
    const written = frame.written?.models ?? [];
    // The models of the mock are known without a list: each is a behaviour.
    const known = written.length === 0 && mould?.line.via === "mock" ? MOCK_MODELS : [];
    for (const id of known) {
      const target = targetOf(mould as TargetMould, id);
      shelf.targets.set(target.id.toLowerCase(), target);
    }
    for (const [index, { id }] of written.entries()) {
      const target = listedTarget(frame, index, shelf.mould);
      if (target === null) continue;
      const key = target.id.toLowerCase();
      if (!shelf.targets.has(key)) shelf.targets.set(key, target);
      else {
        const path = [...frame.path, "models", index, "id"];
        frame.context.report({ code: "duplicate", path, message: `lists the model "${id}" a second time` });
      }
    }
  }

  #provider({ frame, mould, targets }: Shelf): Provider {
    const lists = (frame.written?.models.length ?? 0) > 0;
    // Without a line of its own every model has one, and one that is not listed goes the way of the first.
    const first = [...targets.values()][0];
    const unlisted = (model: string): Target => {
      return mould === null ? { ...(first as Target), id: targetIdOf(frame.id, model), model } : targetOf(mould, model);
    };
    return {
      id: frame.id,
      baseUrl: frame.baseUrl ?? "",
      lists,
      builtIn: frame.preset !== null,
      targets: [...targets.values()],
      unlisted,
    };
  }
}
