// TABLE: what a secret looks like in texts that others wrote (OpenClaw §6.3). In each pattern the last group that took part is the
// secret; without groups the whole match is. Every repetition is bounded or begins at an anchor, so that all of them take linear time.

/** A row of the table. */
export interface SecretPattern {
  readonly what: string;
  /** What every match holds, as the source of a pattern: most texts hold no hint of any row and are done with one look. */
  readonly hint: string;
  readonly find: RegExp;
}

/** Names of settings, headers, query and JSON fields whose value is secret. */
const SECRET_NAME = "(?:key|token|secret|password|passwd|passphrase|signature)";
/** Payment fields. */
const PAYMENT_NAME = "(?:card_?number|cardnumber|cvc2?|cvv2?|iban|security_?code)";
const NAME_HINT = "key|token|secret|passw|passphrase|signature";
const PAYMENT_HINT = "card|cvc|cvv|iban|security";

/** A prefix that a provider gives all its keys. */
function prefixed(what: string, hint: string, key: string): SecretPattern {
  return { what, hint, find: new RegExp(`(?<![A-Za-z0-9])${key}`, "g") };
}

/** The built-in list; `logging.redactPatterns` replaces it. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    what: "JSON field",
    hint: `${NAME_HINT}|${PAYMENT_HINT}`,
    // Also inside a JSON text that is itself a JSON string, where quotes come with a backslash.
    find: new RegExp(
      `\\\\?"[\\w.-]{0,100}(?:${SECRET_NAME}|${PAYMENT_NAME})\\\\?"\\s{0,8}:\\s{0,8}(?:\\\\?"([^"\\\\]*(?:\\\\[^"][^"\\\\]*)*)|(\\d+))`,
      "gi",
    ),
  },
  {
    what: "command line flag",
    hint: NAME_HINT,
    find: new RegExp(`(?<!-)--[\\w-]{0,100}${SECRET_NAME}\\s{1,4}["']?([^\\s"']+)`, "gi"),
  },
  {
    what: "assignment, also in URL queries",
    hint: `${NAME_HINT}|sig\\s{0,4}=`,
    find: new RegExp(`(?<![\\w-])[\\w-]{0,200}(?:${SECRET_NAME}|(?<=[?&])sig)\\s{0,4}=\\s{0,4}["']?([^\\s"'&]+)`, "gi"),
  },
  {
    what: "header or environment line",
    hint: NAME_HINT,
    // A lone `key:` or `token:` is English; `x-api-key:`, `API_KEY:` and `password:` are not.
    find: new RegExp(
      `(?<![\\w-])(?:[\\w-]{0,200}[_-]${SECRET_NAME}|password|passwd|passphrase|secret)["']?\\s{0,4}:\\s{0,4}["']?([^\\s"']+)`,
      "gi",
    ),
  },
  {
    what: "property of an inspected object",
    hint: NAME_HINT,
    find: /[a-z](?:Key|Token|Secret|Password|Passphrase)["']?\s{0,4}:\s{0,4}["']([^\s"']+)/g,
  },
  {
    what: "authorization header",
    hint: "authorization",
    find: /authorization["']?\s{0,4}[:=,]\s{0,4}["']?(?:(?:bearer|basic|digest|token|apikey)\s{1,4})?([^\s"',]+)/gi,
  },
  { what: "bare bearer token", hint: "bearer", find: /\bbearer\s{1,4}([\w.~+/=-]{18,})/gi },
  { what: "password in a URL", hint: "://[^/]*@", find: /:\/\/[^\s/:@"']{0,200}:([^\s/@"']{1,500})@/g },
  prefixed("OpenAI, Anthropic, OpenRouter, DeepSeek key", "sk-", "sk-[\\w-]{8,}"),
  prefixed("GitHub token", "gh[oprsu]_", "gh[oprsu]_[A-Za-z0-9]{10,}"),
  prefixed("GitHub fine-grained token", "github_pat_", "github_pat_\\w{10,}"),
  prefixed("Slack token", "xox", "xox[a-z]-[A-Za-z0-9-]{10,}"),
  prefixed("Slack app token", "xapp-", "xapp-[A-Za-z0-9-]{10,}"),
  prefixed("Groq key", "gsk_", "gsk_[\\w-]{10,}"),
  prefixed("Google key", "aiza", "AIza[\\w-]{20,}"),
  prefixed("Perplexity key", "pplx-", "pplx-[\\w-]{10,}"),
  prefixed("xAI key", "xai-", "xai-[\\w-]{20,}"),
  prefixed("npm token", "npm_", "npm_[A-Za-z0-9]{10,}"),
  prefixed("AWS key id", "a[ks]ia", "A[KS]IA[A-Z0-9]{12,}"),
  prefixed("Tencent key id", "akid", "AKID[A-Za-z0-9]{10,}"),
  prefixed("Alibaba key id", "ltai", "LTAI[A-Za-z0-9]{10,}"),
  prefixed("Hugging Face token", "hf_", "hf_[A-Za-z0-9]{10,}"),
  prefixed("Replicate token", "r8_", "r8_[A-Za-z0-9]{10,}"),
  { what: "JSON web token", hint: "eyj", find: /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/g },
  { what: "Telegram bot token", hint: "\\d{6}:", find: /(?<!\d)\d{6,}:[\w-]{20,}/g },
];

const SECRET_FIELD = new RegExp(`(?:${SECRET_NAME}|${PAYMENT_NAME}|authorization|cookie)$`, "i");
/** A field called `key` alone names something more often than it opens something. */
const LONE_KEY = /^key$/i;

/** True for a field whose value is secret whatever it looks like: `apiKey`, `x-api-key`, `authorization`. */
export function isSecretName(name: string): boolean {
  return SECRET_FIELD.test(name) && !LONE_KEY.test(name);
}
