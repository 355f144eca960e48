import { describe, expect, it } from "vitest";
import { post, read, server, start } from "../test/running-server.ts";
import type { HubServer } from "./hub-server.ts";

describe("/metrics", () => {
  it("tells what the hub has done, and its process, in Prometheus' text format", async () => {
    const to = await start({ metrics: true });
    const [reader, left] = [await read("?match=m", { to }), await read("?match=m", { to })];
    for (const id of ["1", "1", "2"]) await post({ topic: "m", data: "x", id }, { to });
    for (const _ of ["1", "2"]) await reader.next();
    await left.close();
    await expect.poll(() => scrape(to)).toContain('ssekit_hub_connections_closed_total{reason="client"} 1\n');
    const text = await scrape(to);
    for (const line of [
      "# TYPE ssekit_hub_connections gauge",
      'ssekit_hub_connections{state="live"} 1',
      'ssekit_hub_connections{state="behind"} 0',
      'ssekit_hub_connections_closed_total{reason="drain"} 0',
      "# TYPE ssekit_hub_connections_opened_total counter",
      "ssekit_hub_connections_opened_total 2",
      'ssekit_hub_published_entries_total{outcome="appended"} 2',
      'ssekit_hub_published_entries_total{outcome="repeated"} 1',
      "# TYPE ssekit_hub_replay_depth_entries histogram",
      'ssekit_hub_replay_depth_entries_bucket{le="0"} 2',
      'ssekit_hub_replay_depth_entries_bucket{le="+Inf"} 2',
      "ssekit_hub_replay_depth_entries_sum 0",
      "ssekit_hub_replay_depth_entries_count 2",
      'ssekit_hub_publish_duration_seconds_bucket{le="+Inf"} 3',
      "ssekit_hub_tail_lost_total 0",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+$/m);
    expect(text).not.toContain("undefined");
    await reader.close();
    await to.close();
  });

  it("gives the same figures at each scrape, not sums of them", async () => {
    const to = await start({ metrics: true });
    await post({ topic: "m", data: "x" }, { to });
    await scrape(to);
    expect(await scrape(to)).toContain('ssekit_hub_published_entries_total{outcome="appended"} 1\n');
    await to.close();
  });

  it("takes GET and HEAD", async () => {
    const to = await start({ metrics: true });
    expect((await fetch(`${to.url}/metrics`, { method: "HEAD" })).status).toBe(200);
    const refused = await fetch(`${to.url}/metrics`, { method: "POST" });
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    await to.close();
  });

  it("is not there unless it is asked for", async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  });

  async function scrape({ url }: HubServer): Promise<string> {
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    return answer.text();
  }
});
