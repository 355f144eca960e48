import type { NextConfig } from "next";

const config: NextConfig = {
  // What a configuration sets on the response goes out with an event stream too.
  headers: async () => [{ source: "/(.*)", headers: [{ key: "access-control-allow-origin", value: "*" }] }],
};

export default config;
