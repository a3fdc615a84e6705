// Entries of `reasoning_details` that are shown.
import { describe, expect, it } from "vitest";
import { splitDetails } from "../../../../src/dialects/openai-chat/visible-reasoning.ts";

const thought = { type: "reasoning.text", text: "hm" };
const shown = (text: string) => ({ type: "response.output_text", text });

describe("visible entries", () => {
  it("are joined, and the others stay thoughts in their order", () => {
    const details = [thought, shown("a"), { type: "reasoning.encrypted", data: "x" }, shown("b")];
    expect(splitDetails(details, ["response.output_text", "response.text"])).toEqual({
      visible: "ab",
      hidden: [thought, { type: "reasoning.encrypted", data: "x" }],
    });
  });

  it.each([
    ["none is of a visible type", [thought]],
    ["an entry is no object", ["x", null, 1]],
    ["there are none", []],
  ])("are none where %s, and the list is the same", (_what, details) => {
    const split = splitDetails(details, ["response.text"]);
    expect(split.visible).toBe("");
    expect(split.hidden).toBe(details);
  });

  it("without text show nothing and are no thoughts either", () => {
    expect(splitDetails([{ type: "response.text" }], ["response.text"])).toEqual({ visible: "", hidden: [] });
  });
});
