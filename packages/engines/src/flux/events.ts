import { withoutUndefined } from "../_without-undefined.ts";
import { fieldsOf, numberOf, parseJson, textOf, timeOf } from "./json.ts";

/** An entry of a job's event log. @see Flux RFC 18 */
export interface FluxEvent {
  readonly name: string;
  /** ISO-8601. */
  readonly at?: string | undefined;
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

function toEvent(line: string): FluxEvent[] {
  const entry = fieldsOf(parseJson(line));
  const name = textOf(entry.get("name"));
  if (name === undefined || numberOf(entry.get("timestamp")) === undefined) return [];
  const context = fieldsOf(entry.get("context"));
  return [
    withoutUndefined<FluxEvent>({
      name,
      at: timeOf(entry.get("timestamp")),
      context: context.size === 0 ? undefined : Object.fromEntries(context),
    }),
  ];
}

/** Reads an event log, one JSON object a line; what is no event is left out. */
export function parseEvents(ndjson: string): FluxEvent[] {
  return ndjson.split("\n").flatMap(toEvent);
}
