export type { CloseReason, EventStream } from "./event-stream.ts";
