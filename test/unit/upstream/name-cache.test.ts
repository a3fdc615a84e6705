import { describe, expect, it } from "vitest";
import { NameCache, type Resolve, type Resolved, systemLookup } from "../../../src/upstream/name-cache.ts";
import { FakeClock } from "../../support/fake-clock.ts";

/** A resolver that answers when told to. */
class SlowResolver {
  readonly waiting: Resolved[] = [];
  readonly resolve: Resolve = (_name, resolved) => void this.waiting.push(resolved);

  answer(address: string): void {
    this.waiting.at(-1)?.(null, [{ address, family: 4 }]);
  }

  fail(): void {
    this.waiting.at(-1)?.(new Error("ENOTFOUND"), []);
  }
}

/** Asks a cache and gives the address, or the error's words. */
function asked(names: NameCache): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  names.resolve("provider.test", (error, addresses) => resolve(error?.message ?? addresses[0]?.address ?? "none"));
  return promise;
}

describe("the name cache", () => {
  it("asks once for many that wait at the same time", async () => {
    const resolver = new SlowResolver();
    const names = new NameCache(new FakeClock(), resolver.resolve);
    const all = [asked(names), asked(names), asked(names)];
    resolver.answer("192.0.2.1");
    expect(await Promise.all(all)).toEqual(["192.0.2.1", "192.0.2.1", "192.0.2.1"]);
    expect(resolver.waiting).toHaveLength(1);
  });

  it.each([
    ["an answer", 30_000, (resolver: SlowResolver) => resolver.answer("192.0.2.1"), "192.0.2.1"],
    ["a failure", 5_000, (resolver: SlowResolver) => resolver.fail(), "ENOTFOUND"],
  ])("keeps %s for %i ms", async (_what, ms, settle, expected) => {
    const clock = new FakeClock();
    const resolver = new SlowResolver();
    const names = new NameCache(clock, resolver.resolve);
    const first = asked(names);
    settle(resolver);
    await first;
    clock.advance(ms - 1);
    expect(await asked(names)).toBe(expected);
    clock.advance(1);
    const again = asked(names);
    resolver.answer("192.0.2.9");
    expect(await again).toBe("192.0.2.9");
  });

  it("answers from memory later, not inside the call", async () => {
    const names = new NameCache(new FakeClock(), (_name, resolved) =>
      resolved(null, [{ address: "192.0.2.1", family: 4 }]),
    );
    await asked(names);
    let heard = false;
    names.resolve("provider.test", () => {
      heard = true;
    });
    expect(heard).toBe(false);
  });

  it("forgets addresses when told, but neither a failure nor a question under way", async () => {
    const resolver = new SlowResolver();
    const names = new NameCache(new FakeClock(), resolver.resolve);
    const first = asked(names);
    names.forget("provider.test");
    resolver.answer("192.0.2.1");
    await first;
    names.forget("provider.test");
    const second = asked(names);
    resolver.fail();
    expect(await second).toBe("ENOTFOUND");
    names.forget("provider.test");
    expect(await asked(names)).toBe("ENOTFOUND");
    names.forget("never.asked");
    expect(resolver.waiting).toHaveLength(2);
  });
});

describe("the system's resolver", () => {
  it("knows this host", async () => {
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    systemLookup("localhost", (_error, addresses) => resolve(addresses.map(({ address }) => address)));
    expect(await promise).toContain("127.0.0.1");
  });

  it("is told that there are none for what is no name", async () => {
    const { promise, resolve } = Promise.withResolvers<readonly unknown[]>();
    systemLookup("no name", (error, addresses) => resolve([error instanceof Error, addresses]));
    expect(await promise).toEqual([true, []]);
  });
});
