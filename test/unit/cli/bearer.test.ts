// A secret on its way to the gateway: its UTF-8 bytes, as HTTP clients want them written.
import { describe, expect, it } from "vitest";
import { bearer } from "../../../src/cli/bearer.ts";

describe("a secret in a header", () => {
  it.each<[what: string, secret: string | null, header: object]>([
    ["stands as it is in ASCII", "token-0123", { authorization: "Bearer token-0123" }],
    ["is its UTF-8 bytes", "voilà", { authorization: "Bearer voil\xc3\xa0" }],
    ["also where Latin-1 has no letter", "łódź", { authorization: "Bearer \xc5\x82\xc3\xb3d\xc5\xba" }],
    ["that there is none of is none", null, {}],
  ])("%s", (_what, secret, header) => {
    expect(bearer(secret)).toEqual(header);
  });
});
