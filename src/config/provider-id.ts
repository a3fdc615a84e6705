// Provider ids as written by people become the one spelling that the table and the file share (OpenClaw §3.2).

/** Other spellings to ids, lower-case. */
export const PROVIDER_SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    modelstudio: "qwen",
    qwencloud: "qwen",
    "z.ai": "zai",
    "z-ai": "zai",
    "opencode-zen": "opencode",
    "opencode-go-auth": "opencode-go",
    "kimi-code": "kimi",
    "kimi-coding": "kimi",
    bedrock: "amazon-bedrock",
    "aws-bedrock": "amazon-bedrock",
    bytedance: "volcengine",
    doubao: "volcengine",
  }),
);

/** Trimmed, lower-case, synonyms resolved. */
export function providerIdOf(written: string): string {
  const id = written.trim().toLowerCase();
  return PROVIDER_SYNONYMS.get(id) ?? id;
}
