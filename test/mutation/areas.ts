// The areas whose tests are tested: what is mutated, which tests judge, and what is asked of them. Areas are small, so that one runs in minutes.

/** One area. */
export interface Area {
  readonly mutate: readonly string[];
  /** Unit tests only: processes that an end-to-end test starts would not see a mutant. */
  readonly tests: readonly string[];
  /** True where every branch must be taken by some test, whatever the score. */
  readonly everyBranch?: true;
}

/** TABLE: the areas. */
export const AREAS = {
  auth: {
    everyBranch: true,
    mutate: [
      "src/server/{auth,shared-secret,gate,rate-limiter,trusted-proxy,client-address,authority,scopes,fields}.ts",
      "src/server/status/session.ts",
    ],
    tests: [
      "test/unit/server/{auth,authority,client-address,fields,rate-limiter,scopes}.test.ts",
      "test/unit/server/status/**",
    ],
  },
  sse: {
    mutate: ["src/dialects/{sse,framing,relay,event-twins,bare-json}.ts", "src/core/gathering.ts"],
    tests: [
      "test/unit/dialects/{sse,framing,relay,relay-ends,relay-looks,event-twins,bare-json}.test.ts",
      "test/unit/core/gathering.test.ts",
    ],
  },
  failover: {
    mutate: [
      "src/routing/**/*.ts",
      "src/dialects/classify/**/*.ts",
      "src/dialects/classify.ts",
      "src/dialects/retry-after.ts",
    ],
    tests: [
      "test/unit/routing/**/*.test.ts",
      "test/unit/dialects/{classify,classify-envelopes,retry-after}.test.ts",
      "test/unit/dialects/classify/*.test.ts",
      "test/model/*.test.ts",
    ],
  },
  headers: {
    mutate: ["src/upstream/{request-headers,response-headers}.ts", "src/config/{headers,auth-schemes}.ts"],
    tests: ["test/unit/upstream/{request-headers,response-headers}.test.ts", "test/unit/config/headers.test.ts"],
  },
  redaction: {
    everyBranch: true,
    mutate: [
      "src/telemetry/{redact,secret-patterns}.ts",
      "src/core/{secret,safe-pattern,redact-failure,value-search}.ts",
      "src/config/redactable.ts",
    ],
    tests: [
      "test/unit/telemetry/redact.test.ts",
      "test/unit/core/{secret,safe-pattern,redact-failure,value-search}.test.ts",
      "test/unit/config/redactable.test.ts",
    ],
  },
  guard: {
    everyBranch: true,
    mutate: ["src/upstream/{guard,connector,name-cache}.ts", "src/core/ip-address.ts", "src/config/address.ts"],
    tests: [
      "test/unit/upstream/{guard,connector,name-cache}.test.ts",
      "test/unit/core/ip-address.test.ts",
      "test/unit/config/address.test.ts",
    ],
  },
  reload: {
    mutate: ["src/cli/reloader.ts", "src/config/{file-watch,file-marks,changed-keys}.ts"],
    tests: [
      "test/unit/cli/reloader*.test.ts",
      "test/unit/config/{file-watch,file-watch-events,file-marks,changed-keys}.test.ts",
    ],
  },
} as const satisfies Record<string, Area>;

/** The name of an area. */
export type AreaName = keyof typeof AREAS;

/** The area of that name; throws naming those that there are. */
export function areaOf(name: string): Area {
  if (!Object.hasOwn(AREAS, name)) throw new Error(`no area "${name}"; one of ${Object.keys(AREAS).join(", ")}`);
  return AREAS[name as AreaName];
}
