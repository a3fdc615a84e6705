// The first delta of a choice says who speaks; clients build the message on it.
import type { RepairRow } from "./row.ts";

/** The role, where the provider left it out. */
export const roleAdded = {
  source:
    "bifrost issue 6523: a missing role chunk; llama.cpp before b3000 and text-generation-inference stream without a role",
  needles: [],
  openChoice: () => {
    let isFirst = true;
    return (draft) => {
      if (!isFirst) return;
      isFirst = false;
      const { role, ...rest } = draft.delta;
      if (typeof role !== "string" || role === "") draft.delta = { role: "assistant", ...rest };
    };
  },
} as const satisfies RepairRow;
