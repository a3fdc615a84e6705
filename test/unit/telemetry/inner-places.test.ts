// What words of providers tell of the machines behind the gateway, and what of them stays.
import { describe, expect, it } from "vitest";
import { createPlaceMask } from "../../../src/telemetry/inner-places.ts";

const mask = createPlaceMask([
  "http://127.0.0.1:36961",
  "https://llm.corp.example",
  "http://vllm:8000",
  "https://gpu.example:8443",
  "http://[2001:db8::7]:9000",
  "http://203.0.113.9:9000",
  "not an origin",
]);

describe("words of a provider", () => {
  it.each([
    ["its base URL", "POST http://127.0.0.1:36961/v1/chat/completions: bad", "POST [address]: bad"],
    ["its base URL at the end of a sentence", "See http://127.0.0.1:36961/v1.", "See [address]."],
    ["a base URL of a public host", "at https://llm.corp.example/v1/x?key=1 now", "at [address] now"],
    ["a base URL in capitals", "at HTTPS://LLM.corp.example/v1 now", "at [address] now"],
    ["a base URL in quotes", `url "https://llm.corp.example/v1", sorry`, `url "[address]", sorry`],
    ["a base URL in JSON", String.raw`{\"url\":\"https://llm.corp.example/v1\"}`, String.raw`{\"url\":\"[address]\"}`],
    ["a URL with a user", "http://bob:secret@10.0.0.8/x", "[address]"],
    ["a host with its port", "upstream gpu.example:8443 said no", "upstream [address] said no"],
    ["a host without its port", "upstream gpu.example said no", "upstream [address] said no"],
    ["a host with the port that goes without saying", "llm.corp.example:443", "[address]"],
    ["a host behind brackets", "dial(llm.corp.example)", "dial([address])"],
    ["a name that is a word, with its port", "dial vllm:8000 failed", "dial [address] failed"],
    ["a name that is a word, in a URL", "http://vllm:8000/v1 and http://other/x", "[address] and [address]"],
    ["a public address that is known", "203.0.113.9 and [2001:db8::7]:9000", "[address] and [address]"],
    ["a URL of a public address that is known", "http://[2001:db8::7]:9000/v1", "[address]"],
    ["loopback by name", "connect ECONNREFUSED localhost:8000", "connect ECONNREFUSED [address]"],
    ["loopback by URL", "http://localhost/v1", "[address]"],
    ["loopback in short", "http://127.1:80/", "[address]"],
    ["a private address", "connect ECONNREFUSED 10.1.2.3:8000!", "connect ECONNREFUSED [address]!"],
    ["a private address alone", "from 192.168.7.8.", "from [address]."],
    ["the metadata service", "http://169.254.169.254/latest", "[address]"],
    ["the metadata service alone", "169.254.169.254", "[address]"],
    ["where it listens", "on 0.0.0.0:8000", "on [address]"],
    ["IPv6 loopback", "connect ::1 failed", "connect [address] failed"],
    ["IPv6 loopback with its port", "connect [::1]:8000.", "connect [address]."],
    ["IPv6 loopback at an end", "connect ::1.", "connect [address]."],
    ["IPv6 by URL", "http://[fd00::1]:8000/v1", "[address]"],
    ["a link local address", "fe80::1%eth0", "[address]"],
    ["a name of the local network", "http://gpu7.local/v1, nas.internal:80", "[address], [address]"],
    ["the path behind a bare address", "10.1.2.3:8000/v1", "[address]/v1"],
    ["an address behind its kind", "ipv4:10.0.0.8:443: refused, ip:10.0.0.9", "ipv4:[address]: refused, ip:[address]"],
    ["a service of the cluster", "lookup vllm.ai.svc.cluster.local: no such host", "lookup [address]: no such host"],
    ["a service in short", "http://vllm.ai.svc/v1, vllm.ai.svc:8000", "[address], [address]"],
    ["a machine of a cloud", "ip-10-0-0-8.eu-west-1.compute.internal", "[address]"],
    [
      "a name that nobody else has",
      "gpu.lan:80 http://gpu.corp/x http://gpu.local./x",
      "[address] [address] [address]",
    ],
    ["a database by one word", "redis://cache/0 kafka://b1:9092 x://bob@db/y", "[address] [address] [address]"],
    ["a link in the query of a link", "/get?u=http%3A%2F%2F10.0.0.8%2Fx&v=1", "/get?u=[address]&v=1"],
    ["a folder of somebody", "in /home/u/x.py, /Users/u/y.js", "in [path], [path]"],
    ["a folder of somebody elsewhere", String.raw`in C:\Users\u\x.py, c:\users\u\x`, "in [path], [path]"],
    ["a folder in JSON", String.raw`in \/home\/u\/x`, "in [path]"],
    ["a file by URL", "file:///app/x.js:1:2", "[path]:1:2"],
    ["a stack", "Bad temperature.\n    at foo (/app/x.js:1:2)\n    at /app/y.js:3:4\nEnd", "Bad temperature.\nEnd"],
    ["a stack of V8", "Bad.\n  at async Object.<anonymous> (node:internal/x:1:2)\n  at <anonymous>", "Bad."],
    ["a stack with Windows line ends", "Bad.\r\n    at foo (C:\\x.js:1:2)\r\nEnd", "Bad.\nEnd"],
    ["a stack of Java", "Bad.\n\tat com.acme.Foo.bar(Foo.java:12)", "Bad."],
    ["a stack of .NET", "Bad.\n   at Acme.Foo() in /src/x.cs:line 12", "Bad."],
    ["a stack of Python", `Traceback (most recent call last):\n  File "/srv/x.py", line 3, in f\nBad`, "Bad"],
    ["a stack on the same line", "Bad temperature at foo (/app/x.js:1:2) again", "Bad temperature again"],
    ["nothing but a stack", "    at foo (/app/x.js:1:2)", "[stack]"],
  ])("do not tell %s", (_what, text, left) => {
    expect(mask(text)).toBe(left);
  });

  it.each([
    ["Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."],
    ["Invalid type for 'messages[0].content[1].image_url': expected a string at messages.0.content.1"],
    ["messages.0.content.str: Input should be a valid string; temperature: 2.5 > 2.0 at line 1 column 12"],
    ["see https://platform.example/docs/errors#400 for more"],
    ["cannot fetch s3://bucket/key, gs://bucket/cat.png, data:image/png;base64,xx"],
    ["unexpected token at position 12:3"],
    ["  at least one message (of 3) is required"],
    ["https://x.example/get?u=https%3A%2F%2Fy.example%2F%ZZ&v=1 model.internal, this.home and a.svc"],
    ["std::string::npos, a::b, 12:30:45, 1.2.3.4, v10.0.0.1, 2026-01-02T03:04:05.678Z, ::"],
    ["vllm is not a role; the model gpt-oss:20b is"],
    ["sub.llm.corp.example.org and llm-corp.example"],
    ["image_url /homes/x and a/home/x"],
    ["🦀 Grüße: ratio 16:9, sha256:ab12, dead:beef"],
    [""],
  ])("stay as they are: %s", (text) => {
    expect(mask(text)).toBe(text);
  });

  it.each([
    ["links", "https://a.example/x"],
    ["coded links", "https%3A%2F%2Fa.example"],
    ["addresses", "8.8.8.8"],
    ["addresses of IPv6", "2001:4860::8888"],
  ])("are looked up sixty-four times, which takes longest; all further %s are taken for inner ones", (_what, place) => {
    const [kept, masked] = [`${place} `.repeat(64), "[address] ".repeat(2)];
    expect(mask(`${place} `.repeat(66))).toBe(kept + masked);
    expect(mask(kept)).toBe(kept);
  });

  it.each([
    ["slashes", "/".repeat(16_384)],
    ["the beginning of a link", "a".repeat(8_000) + "://".repeat(2_000)],
    ["users without a host", "http://a".repeat(2_000)],
    ["one label", "a-".repeat(8_000)],
    ["labels", "a.".repeat(8_000)],
    ["colons", ":".repeat(16_384)],
    ["hex and colons", "f:".repeat(8_000)],
    ["frames", "at a ".repeat(3_000)],
    ["frames with brackets", "at a (".repeat(2_700)],
    ["one line that never ends as a frame", `at (${"x:1".repeat(5_000)}`],
    ["spaces", `at ${" ".repeat(16_000)}`],
    ["quotes of Python", `File "${'", line 1'.repeat(1_700)}`],
  ])("are searched in time, made of %s", (_what, text) => {
    const startedAt = performance.now();
    mask(text);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
