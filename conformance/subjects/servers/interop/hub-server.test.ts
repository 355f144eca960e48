import { HubServerDriver } from "../hub-server-driver.ts";
import { describeInterop } from "./describe-interop.ts";

describeInterop("hub-server", () => new HubServerDriver(), { resumes: true });
