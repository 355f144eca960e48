import type { Hub } from "@ssekit/hub";
import type { Activity } from "./activity.ts";
import type { AnswerBody } from "./answer.ts";
import type { LiveFeed } from "./live-feed.ts";

/** What the handlers of one hub server share. */
export interface HubContext {
  readonly hub: Hub;
  /** Absolute URL of the Mercure endpoint, which topics and patterns are resolved against. */
  readonly url: string;
  readonly activity: Activity;
  readonly feed: LiveFeed;
  readonly maxBodyBytes: number;
  /** Makes the page at `/metrics`; `undefined` where there is none. */
  readonly metricsPage: (() => Promise<AnswerBody>) | undefined;
  /** Hears what goes wrong on the server's side. */
  readonly onError: (error: unknown) => void;
}
