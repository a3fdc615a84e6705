import { describe, expect, it } from "vitest";
import { isLocal, judgeAddress } from "../../../src/config/address.ts";

const reach = (allowPrivateNetwork?: boolean, trustsAddress = false) => ({ allowPrivateNetwork, trustsAddress });

describe("a base URL that is refused at load", () => {
  it.each<[string, string, RegExp]>([
    ["user name and password", "https://me:pw@api.example/v1", /user name or password/],
    ["a password alone", "https://:pw@api.example/v1", /password/],
    ["a user name alone", "https://me@api.example/v1", /user name/],
    ["a fragment", "https://api.example/v1#x", /fragment/],
    ["an empty fragment", "https://api.example/v1#", /fragment/],
    ["a line feed", "https://api.exa\nmple/v1", /control character/],
    ["a carriage return", "https://api.example/\rv1", /control character/],
    ["a space", "https://api.example/v 1", /space/],
    ["a delete sign", "https://api.example/v\u007f1", /control character/],
    ["a backslash", "https:\\\\api.example/v1", /backslash/],
    ["a host that ends with a dot", "https://api.example./v1", /dot/],
    ["another scheme", "ftp://api.example/v1", /http or https/],
    ["no URL at all", "api.example/v1", /not a URL/],
    ["AWS metadata", "http://169.254.169.254/v1", /metadata/],
    ["AWS metadata over https", "https://169.254.169.254/v1", /metadata/],
    ["AWS metadata by IPv6", "http://[fd00:ec2::254]/v1", /metadata/],
    ["Google metadata by name", "http://metadata.google.internal/v1", /metadata/],
    ["Alibaba metadata", "http://100.100.100.200/v1", /metadata/],
    ["metadata in decimal", "http://2852039166/v1", /metadata/],
    ["metadata in octal", "http://0251.0376.0251.0376/v1", /metadata/],
    ["metadata in hex", "http://0xa9fea9fe/v1", /metadata/],
    ["metadata mapped into IPv6", "http://[::ffff:169.254.169.254]/v1", /metadata/],
    ["metadata behind NAT64", "http://[64:ff9b::a9fe:a9fe]/v1", /metadata/],
    ["metadata behind 6to4", "http://[2002:a9fe:a9fe::1]/v1", /metadata/],
    ["a private address", "http://10.0.0.7:8000/v1", /allowPrivateNetwork: true/],
    ["a private address in decimal", "http://167772167/v1", /allowPrivateNetwork: true/],
    ["a tailnet address", "http://100.64.1.2/v1", /allowPrivateNetwork: true/],
    ["a unique local address", "http://[fd12::1]/v1", /allowPrivateNetwork: true/],
    ["a name of the local network", "http://box.local:8000/v1", /allowPrivateNetwork: true/],
    ["the container host", "http://host.docker.internal:8000/v1", /allowPrivateNetwork: true/],
    ["an address that no server has", "http://0.0.0.0:8000/v1", /127\.0\.0\.1/],
    ["a public address without https", "http://8.8.8.8/v1", /needs https/],
    ["a public name without https", "http://api.example/v1", /needs https/],
  ])("%s", (_what, url, why) => {
    expect(judgeAddress(url, reach())).toMatch(why);
  });

  it.each<[string, string, RegExp]>([
    ["metadata all the same", "http://169.254.169.254/v1", /metadata/],
    ["a public address without https all the same", "http://8.8.8.8/v1", /needs https/],
  ])("%s, where private networks are allowed", (_what, url, why) => {
    expect(judgeAddress(url, reach(true))).toMatch(why);
  });

  it.each(["http://localhost:1/v1", "http://127.0.0.1:1/v1", "http://[::1]:1/v1", "http://x.localhost:1/v1"])(
    "%s, where allowPrivateNetwork is false",
    (url) => {
      expect(judgeAddress(url, reach(false, true))).toMatch(/allowPrivateNetwork is false/);
    },
  );
});

describe("a base URL that passes", () => {
  const NEAR = { loopback: true, privateNetwork: false };
  const WIDE = { loopback: true, privateNetwork: true };
  const PUBLIC = { loopback: false, privateNetwork: false };
  it.each<[string, string, ReturnType<typeof reach>, object]>([
    [
      "a public name may not become this machine",
      "https://api.example/v1",
      reach(),
      { local: false, allow: PUBLIC, doubt: null },
    ],
    ["loopback without asking", "http://127.0.0.1:8000/v1", reach(), { local: true, allow: NEAR, doubt: null }],
    ["this machine by name", "http://localhost:8000/v1", reach(), { local: true, allow: NEAR, doubt: null }],
    ["loopback in decimal", "http://2130706433/v1", reach(), { local: true, allow: NEAR }],
    [
      "a bare name, with a doubt",
      "http://llm:8000/v1",
      reach(),
      { local: true, allow: NEAR, doubt: expect.stringContaining("llm") },
    ],
    ["a bare name that may be private", "http://llm:8000/v1", reach(true), { local: true, allow: WIDE, doubt: null }],
    ["a private address that is allowed", "http://192.168.1.5:1234/v1", reach(true), { local: true, allow: WIDE }],
    ["a private address of a trusted row", "http://192.168.1.5:1234/v1", reach(undefined, true), { allow: WIDE }],
    [
      "plain http by name on an allowed network",
      "http://gpu.corp.example/v1",
      reach(true),
      { local: false, allow: WIDE },
    ],
  ])("%s", (_what, url, from, expected) => {
    expect(judgeAddress(url, from)).toMatchObject(expected);
  });
});

describe("local hosts", () => {
  it.each<[string, boolean]>([
    ["localhost", true],
    ["a.localhost", true],
    ["localhost.localdomain", true],
    ["127.9.9.9", true],
    ["[::1]", true],
    ["Box.LOCAL", true],
    ["192.168.0.1", true],
    ["172.16.0.1", true],
    ["llm", true],
    ["host.docker.internal", true],
    ["172.32.0.1", false],
    ["api.example", false],
    ["local", true],
    ["notlocal.example", false],
    ["[2001:4860:4860::8888]", false],
  ])("%s: %s", (host, expected) => {
    expect(isLocal(host)).toBe(expected);
  });
});
