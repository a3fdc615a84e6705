// Every law of the fuzzer over the cases that broke it once, and over a few of a fixed seed. Many cases are `npm run fuzz`.
import { afterAll, describe, expect, it } from "vitest";
import { strictRequests } from "./strict-requests.ts";
import { closeTargets, TARGETS } from "./targets.ts";

const CASES = 400;
const SEED = 1;

afterAll(closeTargets);

describe("laws", () => {
  it.each(TARGETS.map((target) => [target.name, target.says, target] as const))(
    "%s: %s",
    async (_name, _says, target) => {
      await target.replay();
      expect(await target.run(Math.ceil(CASES / target.cost), SEED)).toBeNull();
    },
  );
});

describe("the strict reader of requests", () => {
  it.each([
    ["a request without a body", "GET / HTTP/1.1\r\nhost: a\r\n\r\n", 1],
    ["two behind each other", "POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\n", 2],
    [
      "chunks with an extension and a trailer",
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nx: 1\r\n\r\n",
      1,
    ],
    [
      "a size with zeros in front",
      "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0000000002\r\n{}\r\n0\r\n\r\n",
      1,
    ],
    ["another version", "GET / HTTP/2.0\r\n\r\n", 0],
    ["blank lines in front, and halves of their ends", "\r\n\n\rGET / HTTP/1.1\r\n\r\n", 1],
    ["a blank within the request line's first word", "GE\rT / HTTP/1.1\r\n\r\n", 0],
    ["both lengths", "POST / HTTP/1.1\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 0],
    ["a length with a sign", "POST / HTTP/1.1\r\ncontent-length: +2\r\n\r\n{}", 0],
    ["a folded field", "GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n", 0],
    ["half a body", "POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\n{}", 0],
  ])("%s", (_what, text, count) => {
    expect(strictRequests(text)).toBe(count);
  });
});
