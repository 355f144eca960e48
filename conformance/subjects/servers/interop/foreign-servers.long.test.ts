import { describeWith } from "testing";
import { BetterSseDriver } from "../foreign/better-sse.ts";
import { FastifySseDriver } from "../foreign/fastify-sse.ts";
import { H3Driver } from "../foreign/h3.ts";
import { HonoDriver } from "../foreign/hono.ts";
import { describeInterop } from "./describe-interop.ts";
import { NchanDriver } from "./nchan-driver.ts";

describeInterop("better-sse", () => new BetterSseDriver(), { resumes: false });
describeInterop("Hono", () => new HonoDriver(), { resumes: false });
describeInterop("h3", () => new H3Driver(), { resumes: false });
describeInterop("@fastify/sse", () => new FastifySseDriver(), { resumes: true });
describeWith("nginx", "nchan", (path) => describeInterop("nchan", () => new NchanDriver(path), { resumes: true }));
