// nginx as a plain reverse proxy: one worker, connections kept on both sides, nothing buffered, nothing logged. What moving bytes costs at best.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Child } from "../../test/support/child.ts";
import { polled } from "../../test/support/wait.ts";
import { freePort } from "./free-port.ts";
import { HEADERS, type Subject } from "./subject.ts";

// Distributions put it where only root looks.
const PATH = [process.env["PATH"] ?? "", "/usr/sbin", "/usr/local/sbin"].join(delimiter);

/** The version, or null where there is no nginx. */
export function nginxVersion(): string | null {
  const { stderr, status } = spawnSync("nginx", ["-v"], { env: { PATH }, encoding: "utf8" });
  return status === 0 ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? "unknown") : null;
}

/** Starts it. Rejects with a sentence where it is not installed. */
export async function startNginx(upstreamUrl: string): Promise<Subject> {
  if (nginxVersion() === null) throw new Error("nginx is not installed");
  const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-bench-nginx-"));
  const port = await freePort();
  const path = join(folder, "nginx.conf");
  writeFileSync(path, configOf({ folder, port, upstream: new URL(upstreamUrl).host }));
  const child = Child.start({ command: "nginx", args: ["-p", folder, "-c", path, "-e", "stderr"], env: { PATH } });
  const stop = async (): Promise<void> => {
    await child.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  await polled(async () => isUp(child, url), `nginx at ${url}`);
  return { name: "nginx", url, headers: HEADERS, pid: child.pid, [Symbol.asyncDispose]: stop };
}

async function isUp(child: Child, url: string): Promise<boolean> {
  if (child.code !== null) throw new Error(`nginx ended with ${child.code}: ${child.lines.join(" ")}`);
  const response = await fetch(`${url}/up`).catch(() => null);
  await response?.body?.cancel();
  return response?.status === 204;
}

function configOf({ folder, port, upstream }: { folder: string; port: number; upstream: string }): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
worker_processes 1; daemon off; master_process off; pid ${folder}/pid; error_log stderr error; worker_rlimit_nofile 20000;
events { worker_connections 16000; multi_accept on; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
  access_log off; tcp_nodelay on; keepalive_timeout 120s; keepalive_requests 100000000;
  client_body_buffer_size 9m; client_max_body_size 64m;
  upstream provider { server ${upstream}; keepalive 8192; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /up { return 204; }
    location / {
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer sk-bench-upstream-key"; proxy_buffering off; proxy_read_timeout 300s;
    }
  }
}
`;
}
