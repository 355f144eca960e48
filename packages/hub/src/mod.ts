export type { EventSink } from "./event-sink.ts";
