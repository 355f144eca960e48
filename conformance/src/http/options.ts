import { readFile } from "node:fs/promises";
import { InvalidArgumentError, Option } from "commander";
import { AttachmentError } from "../attachment.ts";
import type { Field, TlsOptions } from "./request.ts";

/** What the command line says of requests. */
export interface RequestLine {
  readonly header: readonly Field[];
  readonly cookie?: string;
  readonly ca?: string;
  readonly insecure?: true;
}

/** The options of what is sent with each request, and of TLS. */
export function requestOptions(): Option[] {
  return [
    fieldOption("--header <field>", "sent with each request for the stream, as 'Name: value'; repeatable"),
    new Option("--cookie <cookie>", "the same for Cookie"),
    new Option("--ca <file>", "certificates of authorities to trust, in PEM"),
    new Option("--insecure", "take any certificate"),
  ];
}

/** What these options say. */
export async function readRequestLine(line: RequestLine): Promise<{ fields: Field[]; tls: TlsOptions }> {
  const cookies: Field[] = line.cookie === undefined ? [] : [["Cookie", line.cookie]];
  const { ca, insecure } = line;
  const tls = { insecure, ca: ca === undefined ? undefined : await attaching(() => readFile(ca, "utf8")) };
  return { fields: [...line.header, ...cookies], tls };
}

/** Whatever goes wrong here is a matter of the command line. */
export async function attaching<Result>(make: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await make();
  } catch (error) {
    throw new AttachmentError(error instanceof Error ? error.message : String(error));
  }
}

/** An option of a field, as `'Name: value'`, that may be there several times. */
export function fieldOption(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([], "none")
    .argParser((text: string, fields: readonly Field[]): Field[] => {
      const colon = text.indexOf(":");
      if (colon < 1) throw new InvalidArgumentError("Write it as 'Name: value'");
      return [...fields, [text.slice(0, colon), text.slice(colon + 1).trim()]];
    });
}

/** An option of milliseconds. */
export function durationOption(flag: string, milliseconds: number, description: string): Option {
  return new Option(`${flag} <ms>`, `milliseconds to wait ${description}`)
    .default(milliseconds)
    .argParser((text: string) => {
      if (/^\d{1,8}$/.test(text)) return Number(text);
      throw new InvalidArgumentError("Give whole milliseconds");
    });
}
