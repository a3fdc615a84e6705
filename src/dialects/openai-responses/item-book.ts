// To which output item an event belongs, and which item of the whole Response at the end says it again. Servers number the items anew there
// when they leave some out, number them all alike, name calls by `call_id` alone, or give neither number nor name.
import type { JsonObject } from "../../core/json.ts";
import { asNumber, asObject, asText } from "../reading.ts";

interface Entry<Item> {
  readonly item: Item;
  readonly type: string;
  readonly ids: Set<string>;
}

/** The items of one answer, in order of their coming. */
export class ItemBook<Item> {
  readonly #open: () => Item;
  readonly #entries: Entry<Item>[] = [];
  readonly #numbered = new Map<number, Entry<Item>>();
  /** By type and id; of several the last one. */
  readonly #named = new Map<string, Entry<Item>>();

  constructor(open: () => Item) {
    this.#open = open;
  }

  get items(): readonly Item[] {
    return this.#entries.map(({ item }) => item);
  }

  /** The item of this type that an event goes on with; a new one where there is none. */
  of(event: JsonObject, type: string): Item {
    const number = asNumber(event["output_index"]);
    const known = number === null ? undefined : this.#numbered.get(number);
    if (known?.type === type) return known.item;
    const ids = idsOf(event);
    const isBare = number === null && ids.length === 0;
    const last = this.#entries.at(-1);
    const found = isBare && last?.type === type ? last : this.#find(ids, type);
    return this.#entered(found, { number, ids, type });
  }

  /** The item that an event begins: a new one, unless it has begun already. */
  begin(event: JsonObject, type: string): Item {
    const number = asNumber(event["output_index"]);
    const ids = idsOf(event);
    const known = number === null ? undefined : this.#numbered.get(number);
    const isSame =
      known?.type === type && (ids.length === 0 || known.ids.size === 0 || ids.some((id) => known.ids.has(id)));
    return this.#entered(isSame ? known : this.#find(ids, type), { number, ids, type });
  }

  /** The items of the whole Response: by name, by number, by their order among those of their type; new ones where none is left. */
  ended(output: readonly JsonObject[]): Item[] {
    const left = new Set(this.#entries);
    const found = new Map<JsonObject, Entry<Item>>();
    const seek = (look: (written: JsonObject, number: number) => Entry<Item> | undefined): void => {
      for (const [number, written] of output.entries()) {
        const entry = found.has(written) ? undefined : look(written, number);
        if (entry?.type === typeOf(written) && left.delete(entry)) found.set(written, entry);
      }
    };
    seek((item) => this.#find(idsOf({ item }), typeOf(item)));
    seek((_item, number) => this.#numbered.get(number));
    const rest = Map.groupBy(left, ({ type }) => type);
    for (const entries of rest.values()) entries.reverse();
    seek((item) => rest.get(typeOf(item))?.pop());
    return output.map((item) => {
      return this.#entered(found.get(item), { number: null, ids: idsOf({ item }), type: typeOf(item) });
    });
  }

  #find(ids: readonly string[], type: string): Entry<Item> | undefined {
    for (const id of ids) {
      const entry = this.#named.get(`${type} ${id}`);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #entered(
    known: Entry<Item> | undefined,
    { number, ids, type }: { readonly number: number | null; readonly ids: readonly string[]; readonly type: string },
  ): Item {
    const entry = known ?? { item: this.#open(), type, ids: new Set<string>() };
    if (known === undefined) this.#entries.push(entry);
    for (const id of ids) {
      entry.ids.add(id);
      this.#named.set(`${type} ${id}`, entry);
    }
    if (number !== null) this.#numbered.set(number, entry);
    return entry.item;
  }
}

/** What an item is; empty where it does not say so. */
export function typeOf(item: JsonObject | null): string {
  return asText(item?.["type"]) ?? "";
}

/** All names of the item that an event speaks of. */
function idsOf(event: JsonObject): string[] {
  const item = asObject(event["item"]);
  const written = [asText(event["item_id"]), asText(item?.["id"]), asText(item?.["call_id"])];
  return written.filter((id) => id !== null);
}
