import { findBinary, type Program, runProgram, startHaproxy, startNginx } from "testing";
import type { Attachment } from "../../src/attachment.ts";
import { proxyCommand } from "../../src/proxy/command.ts";
import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";
import type { ForeignSubjects } from "../subject.ts";
import { attachPlaced, haproxyOfDocs, nginxOfDocs, type Placed } from "./attach-placed.ts";

/** As nginx is without a word on event streams. */
function plainNginx({ https, origin, pem }: Placed): string {
  return `events {}
http {
  server {
    listen 127.0.0.1:${https} ssl http2;
    ssl_certificate ${pem};
    ssl_certificate_key ${pem};
    location / { proxy_pass http://127.0.0.1:${origin}; }
  }
}
`;
}

/** HTTP/1.1 towards the server, without which nginx holds a stream back, and a compressor for every type. */
function compressingNginx(placed: Placed): string {
  return plainNginx(placed).replace("http {", "http {\n  proxy_http_version 1.1;\n  gzip on;\n  gzip_types *;");
}

/** As HAProxy's packages have it, with its three time-outs, and nothing on event streams. */
function plainHaproxy({ http, https, origin, pem }: Placed): string {
  return `defaults
  mode http
  timeout connect 5000
  timeout client 50000
  timeout server 50000
frontend public
  bind 127.0.0.1:${http}
  bind 127.0.0.1:${https} ssl crt ${pem} alpn h2,http/1.1
  default_backend app
backend app
  server app 127.0.0.1:${origin}
`;
}

/** What a proxy's binary says of its version. */
const VERSION = /(?:nginx\/|version )(\d+(?:\.\d+)+)/;

export const foreignProxies: ForeignSubjects<ProxySubject> = {
  area: proxyCommand,
  note: "Over TLS, with HTTP/2 offered. Each as it comes (HAProxy with the time-outs of its packages), and as `docs/deployment` has it; nginx with `proxy_http_version 1.1; gzip on; gzip_types *;` too. HAProxy waits to send only where a connection is not TLS, so its line in the clear is there too. The server behind them asks for nothing; one that sends `X-Accel-Buffering: no`, as ours do, gets its events through nginx as it comes.",
  subjects: [
    subject("nginx", "as it comes", plainNginx),
    subject("nginx", "HTTP/1.1, gzip", compressingNginx),
    subject("nginx", "docs/deployment", nginxOfDocs),
    subject("haproxy", "as it comes", plainHaproxy),
    subject("haproxy", "as it comes, in the clear", plainHaproxy, "http"),
    subject("haproxy", "docs/deployment", haproxyOfDocs),
  ],
};

function subject(
  binary: "nginx" | "haproxy",
  how: string,
  configOf: (placed: Placed) => string | Promise<string>,
  scheme: "http" | "https" = "https",
): ForeignSubjects<ProxySubject>["subjects"][number] {
  const attach = async (): Promise<Attachment<ProxySubject>> => {
    const path = findBinary(binary);
    if (path === undefined) throw new Error(`Cannot test ${binary}: it is not on PATH; install it`);
    const { stdout, stderr } = await runProgram([path, "-v"]);
    const version = `${VERSION.exec(stdout + stderr)?.[1]} (${how})`;
    const startIt = binary === "nginx" ? startNginx : startHaproxy;
    const start = async (placed: Placed, folder: string): Promise<Program> =>
      await startIt(path, { config: await configOf(placed), folder });
    return await attachPlaced({ name: binary === "nginx" ? binary : "HAProxy", version, scheme, start });
  };
  return { attach };
}
