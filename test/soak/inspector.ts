// The heap of a running Node, after a forced collection: the one memory figure that the collector's mood does not move; and profiles of its
// processor time. Speaks the inspector's protocol over loopback to a process that was started with `--inspect`.
import type { CpuProfile } from "../../bench/profile/cpu-profile.ts";
import { within } from "../support/wait.ts";

interface Reply {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number; readonly profile?: CpuProfile };
}

/** A connection to an inspector. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      this.#waiting.get(reply.id ?? 0)?.(reply);
    });
  }

  /** Connects to the address that Node prints, `ws://127.0.0.1:…`. */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error(`no inspector at ${url}`)));
    await promise;
    return new Inspector(socket);
  }

  /** MiB of objects that are still reachable. */
  async liveHeapMiB(): Promise<number> {
    await this.#call("HeapProfiler.collectGarbage");
    const { result } = await this.#call("Runtime.getHeapUsage");
    return (result?.usedSize ?? Number.NaN) / 1024 / 1024;
  }

  /** Looks so often at what runs, from now on. */
  async startProfile(intervalUs: number): Promise<void> {
    await this.#call("Profiler.enable");
    await this.#call("Profiler.setSamplingInterval", { interval: intervalUs });
    await this.#call("Profiler.start");
  }

  /** What ran since then. */
  async stopProfile(): Promise<CpuProfile> {
    const { result } = await this.#call("Profiler.stop");
    if (result?.profile === undefined) throw new Error("the inspector gave no profile");
    return result.profile;
  }

  close(): void {
    this.#socket.close();
  }

  async #call(method: string, params: object = {}): Promise<Reply> {
    const id = (this.#last += 1);
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params }));
    try {
      return await within(promise, `the inspector to answer ${method}`);
    } finally {
      this.#waiting.delete(id);
    }
  }
}
