import { EventStreamError } from "./event-stream-error.ts";
import type { SchemaResult, StandardSchema } from "./standard-schema.ts";

/** The schema of each event, by its type. */
export type EventSchemas = Readonly<Record<string, StandardSchema>>;

/** What a sender gives for each event. */
export type EventInputs<Schemas extends EventSchemas> = {
  [Name in keyof Schemas]: NonNullable<Schemas[Name]["~standard"]["types"]>["input"];
};

/** What a reader gets for each event. */
export type EventOutputs<Schemas extends EventSchemas> = {
  [Name in keyof Schemas]: NonNullable<Schemas[Name]["~standard"]["types"]>["output"];
};

/** What sender and reader agree on. Under a contract all data is JSON, strings too. */
export interface EventContract<Inputs, Outputs = Inputs> {
  /**
   * Judges the data of an event and gives what its reader gets: at once, or as a promise where the schema is
   * asynchronous. Without schemas all data passes.
   *
   * @throws {EventStreamError} with the code `invalid-event` for an event that is not defined or data that its schema
   * refuses; `cause` has the schema's issues. An asynchronous schema rejects with the same.
   */
  validate<Name extends keyof Inputs & keyof Outputs & string>(
    event: Name,
    data: unknown,
  ): Outputs[Name] | Promise<Outputs[Name]>;
  /** The type of what a sender gives; there is nothing at run time. */
  readonly inputs?: Inputs;
}

/**
 * Defines the events that a sender and a reader agree on, by schemas or by a type alone.
 *
 * @example
 * ```ts
 * import { defineEvents } from "@ssekit/codec";
 *
 * const events = defineEvents<{ headline: { title: string } }>();
 * events.validate("headline", { title: "Hello" }); // { title: "Hello" }
 * ```
 */
export function defineEvents<Types extends object>(): EventContract<Types>;
/** Defines events by a schema each. */
export function defineEvents<const Schemas extends EventSchemas>(
  schemas: Schemas,
): EventContract<EventInputs<Schemas>, EventOutputs<Schemas>>;
export function defineEvents(schemas?: EventSchemas): EventContract<Record<string, unknown>> {
  return {
    validate(event, data) {
      if (schemas === undefined) return data;
      const schema = Object.hasOwn(schemas, event) ? schemas[event] : undefined;
      if (schema === undefined) {
        throw new EventStreamError(
          "invalid-event",
          `Cannot take the event ${JSON.stringify(event)}: it is not defined; add it to defineEvents`,
        );
      }
      const result = schema["~standard"].validate(data);
      return "then" in result ? result.then((late) => acceptedValue(event, late)) : acceptedValue(event, result);
    },
  };
}

function acceptedValue(event: string, result: SchemaResult<unknown>): unknown {
  if (result.issues === undefined) return result.value;
  const reasons = result.issues.map((issue) => issue.message).join("; ");
  throw new EventStreamError(
    "invalid-event",
    `Cannot take the data of the event ${JSON.stringify(event)}: ${reasons}; give what its schema takes`,
    { cause: result.issues },
  );
}
