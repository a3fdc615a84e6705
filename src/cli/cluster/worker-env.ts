// The environment of a worker: what the runtime, the terminal and the exporters read, and nothing else. Keys of providers lie in the
// environment of the process that was started with them; workers get what was looked up there by IPC.

const KEPT =
  /^(?:NODE_(?!UNIQUE_ID$)|OTEL_|UV_|SSL_CERT_|OPENSSL_|LD_|ASAN_|PATH$|HOME$|USER$|TMPDIR$|TZ$|LANG$|LC_|TERM$|COLORTERM$|NO_COLOR$|FORCE_COLOR$)/;
const SECRET = /HEADERS/;

/** Every variable of an environment, undefined for those that a worker has no business with. */
export function workerEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, KEPT.test(name) && !SECRET.test(name) ? value : undefined]),
  );
}
