// Whether calls came is seen in the answer: clients run tools only behind `tool_calls`, and wait for ever for calls that never came.
import type { RepairRow } from "./row.ts";

/** The reason for ending fits the calls. */
export const finishCalls = {
  source: "OpenClaw §5.6: `tool_calls` without calls; older Ollama, llama.cpp and LM Studio end calls with `stop`",
  needles: ["tool_calls"],
  openChoice: () => (draft) => {
    if (draft.finish === "stop" && draft.calls === "tools") draft.finish = "tool_calls";
    else if (draft.finish === "tool_calls" && draft.calls === "none") draft.finish = "stop";
  },
} as const satisfies RepairRow;
