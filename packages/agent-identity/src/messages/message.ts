/** HTTP messages as signatures see them: the target as one URL, and every field line as it came. */

/** Field lines in the order of the message; names in any case. A field that came twice is there twice. */
export type Fields = readonly (readonly [name: string, value: string])[];

export interface RequestMessage {
  method: string;
  /** Absolute, as the client meant it: `https://site.example/path?query`. */
  url: string;
  fields: Fields;
}

export interface ResponseMessage {
  status: number;
  fields: Fields;
  /** The request that it answers, for components with `;req`. */
  request?: RequestMessage;
}

export type Message = RequestMessage | ResponseMessage;

export const isRequest = (message: Message): message is RequestMessage => "method" in message;

/** The lines of one field, trimmed, obsolete folds unfolded (RFC 9421, 2.1). */
export function linesOf(fields: Fields, name: string): string[] {
  const wanted = name.toLowerCase();
  return fields
    .filter(([each]) => each.toLowerCase() === wanted)
    .map(([, value]) => value.replace(/[ \t]*\r?\n[ \t]+/g, " ").replace(/^[ \t]+|[ \t]+$/g, ""));
}

/** The field's value with its lines combined; undefined where it is not there. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  const lines = linesOf(fields, name);
  return lines.length === 0 ? undefined : lines.join(", ");
}

/** Node's flat list of names and values (`IncomingMessage.rawHeaders`). */
export function fieldsOfRaw(raw: readonly string[]): Fields {
  const fields: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) fields.push([raw[i] ?? "", raw[i + 1] ?? ""]);
  return fields;
}
