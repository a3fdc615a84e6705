import { describe, expect, it } from "vitest";
import { NODE_FLOOR, nodeFault } from "../../../src/cli/node-floor.ts";

describe("the floor of Node", () => {
  it.each(["24.17.0", "24.17.1", "24.21.0", "25.0.0", "26.1.0", "100.0.0"])("%s will do", (version) => {
    expect(nodeFault(version)).toBeNull();
  });

  it.each(["24.16.9", "24.9.0", "24.0.0", "22.23.2", "20.20.2", "9.99.0", ""])(
    "%s will not, and it says why",
    (version) => {
      expect(nodeFault(version)).toBe(
        `Node ${NODE_FLOOR} or newer is needed for its fixes of HTTP; this is ${version}`,
      );
    },
  );
});
