import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";
import type { CorrectSubject } from "../mutant.ts";
import { attachReferenceProxy, PATIENT, type RunningProxy } from "./attach-reference-proxy.ts";
import { PipingProxy } from "./piping-proxy.ts";
import { type Pair, type ProxiedHead, ReferenceProxy } from "./reference-proxy.ts";

/** Proxies that are right, in ways that a suite may take for wrong. */
export const correctProxies: readonly CorrectSubject<ProxySubject>[] = [
  correct("plain", "none: it is the proxy that every mutant breaks", (port) => new ReferenceProxy(port)),
  correct("piping", "written otherwise, it speaks HTTP/2 and compresses what it may", (port) => new PipingProxy(port)),
  correct("byte-by-byte", "it passes small pieces on byte by byte", (port) => new BytewiseProxy(port)),
  correct("odd-names", "it writes names of fields in its own case, and adds some", (port) => new RenamingProxy(port)),
];

class BytewiseProxy extends ReferenceProxy {
  override body(pair: Pair, bytes: Buffer): void {
    if (bytes.length > 200) super.body(pair, bytes);
    else for (let at = 0; at < bytes.length; at++) super.body(pair, bytes.subarray(at, at + 1));
  }
}

class RenamingProxy extends ReferenceProxy {
  override response(head: ProxiedHead, pair: Pair): ProxiedHead {
    const { first, fields } = super.response(head, pair);
    const renamed = fields.map((field) => field.replace(/^[^:]+/, (name) => name.toUpperCase()));
    return { first, fields: [...renamed, "Via: 1.1 renaming", "Age: 0"] };
  }
}

function correct(name: string, oddity: string, create: (port: number) => RunningProxy): CorrectSubject<ProxySubject> {
  return { name, oddity, attach: () => attachReferenceProxy(create, { name, durations: PATIENT }) };
}
