/** What of the Standard Schema interface, version 1, is used here: Zod, Valibot, ArkType and others have it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The schema's interface to others. */
  readonly "~standard": {
    /** The version of the interface. */
    readonly version: 1;
    /** Who made the schema. */
    readonly vendor: string;
    /** Judges a value, at once or later. */
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** The types of the schema; there is nothing at run time. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The judgement of a schema: a value, or what is wrong. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };
