// `visibleReasoningDetailTypes`: obeyed where the file or the built-in row writes it.
import { asList } from "../../reading.ts";
import { splitDetails } from "../visible-reasoning.ts";
import type { RepairRow } from "./row.ts";

/** Entries of visible types are shown as text. */
export const detailsShown = {
  source: "OpenClaw §2.6: OpenRouter's `response.output_text` and `response.text` among the reasoning details",
  needles: ["reasoning_details"],
  needed: ({ compat }) => (compat.visibleReasoningDetailTypes ?? []).length > 0,
  openChoice: ({ compat }) => {
    const types = compat.visibleReasoningDetailTypes ?? [];
    return (draft) => {
      const { reasoning_details: details, ...rest } = draft.delta;
      const { visible, hidden } = splitDetails(asList(details), types);
      if (visible === "") return;
      const { content } = rest;
      const text = typeof content === "string" ? visible + content : visible;
      draft.delta = { ...rest, content: text, ...(hidden.length === 0 ? {} : { reasoning_details: hidden }) };
    };
  },
} as const satisfies RepairRow;
