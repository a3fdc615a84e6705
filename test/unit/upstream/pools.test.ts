import { describe, expect, it } from "vitest";
import { always, answer, RawProvider } from "./raw-provider.ts";
import { turns, Upstream } from "./recorder.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n";

describe("pools", () => {
  it("are one per transport key, not per origin", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    await using upstream = new Upstream();
    const origin = provider.origin();
    for (const key of ["a", "a", "b"]) {
      await upstream.ask({ origin, transport: { key } });
      await turns();
    }
    expect(provider.sides).toHaveLength(2);
  });

  it("that are not kept let their streams finish, then close their connections", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(CHUNKED);
    });
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() });
    await recorder.until(() => recorder.bytes === 2, "the first bytes");
    upstream.client.keep(new Set(["another"]));
    const side = await provider.side(0);
    await side.write("4\r\nmore\r\n0\r\n\r\n");
    await recorder.over();
    expect(recorder.text).toBe("okmore");
    await side.closed();
  });

  it("that are not kept are made again for a late request of the old configuration", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    await using upstream = new Upstream();
    await upstream.ask({ origin: provider.origin() });
    upstream.client.keep(new Set());
    await (await provider.side(0)).closed();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("ok");
    upstream.client.keep(new Set());
    await (await provider.side(1)).closed();
  });

  it("that are kept keep their connections", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    await using upstream = new Upstream();
    const origin = provider.origin();
    await upstream.ask({ origin });
    upstream.client.keep(new Set([origin]));
    await turns();
    await upstream.ask({ origin });
    expect(provider.sides).toHaveLength(1);
  });

  it("close once streams have ended, and take no request meanwhile or after", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(CHUNKED);
    });
    const upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() });
    await recorder.until(() => recorder.bytes === 2, "the first bytes");
    let closed = false;
    const closing = (async () => {
      await upstream.client.close();
      closed = true;
    })();
    for (const key of [provider.origin(), "new"]) {
      const late = await upstream.ask({ origin: provider.origin(), transport: { key } });
      expect(late.notes).toEqual(["fail draining"]);
    }
    expect(closed).toBe(false);
    await (await provider.side(0)).write("0\r\n\r\n");
    await recorder.over();
    await closing;
    expect(recorder.notes.at(-1)).toBe("end");
    expect(provider.sides).toHaveLength(1);
  });

  it("that are destroyed cut everything, also what was closing, and blame no provider", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(CHUNKED);
    });
    const upstream = new Upstream();
    const old = upstream.send({ origin: provider.origin() });
    await old.until(() => old.bytes === 2, "the first bytes");
    upstream.client.keep(new Set());
    const current = upstream.send({ origin: provider.origin() });
    await current.until(() => current.bytes === 2, "the first bytes");
    await upstream.client.destroy();
    for (const cut of [old, current]) {
      expect(cut.notes.at(-1)).toBe("fail draining");
      expect(cut.failure).toMatchObject({ phase: "stream", replaySafe: false });
    }
    for (const side of provider.sides) await side.closed();
  });

  it("have room for hundreds of streams at once", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(CHUNKED);
    });
    await using upstream = new Upstream();
    const many = Array.from({ length: 300 }, () => upstream.send({ origin: provider.origin() }));
    for (const one of many) await one.until(() => one.bytes === 2, "the first bytes");
    expect(provider.sides).toHaveLength(300);
    for (const one of many) one.exchange?.abort();
    for (const side of provider.sides) await side.closed();
  });
});
