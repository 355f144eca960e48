/**
 * What a hub does, told to OpenTelemetry: {@linkcode observeHub} gives `hub.metrics()` to a meter of `@opentelemetry/api`,
 * which the app brings with its SDK. Names and units are those of OpenTelemetry's conventions, so times are in seconds
 * there.
 *
 * @module
 */
export {
  type MeterAttributes,
  type MeterInstrumentOptions,
  type MeterLike,
  type MeterResult,
  type ObserveHubOptions,
  observeHub,
} from "./observe-hub.ts";
