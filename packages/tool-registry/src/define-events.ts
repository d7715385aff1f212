import type { z } from "zod";
import { jsonSchemaOf, parseArguments } from "./arguments.ts";
import type { EventSink, EventSource } from "./definitions.ts";

/** How {@link defineEvents} is called: the type of a subscription's parameters is inferred from `input`. */
export interface EventsOptions<Input extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  /** Parameters of a subscription. */
  readonly input: Input;
  /** Words for what the source can do, shown in `list_event_streams`. */
  readonly capabilities?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly scope?: EventSource["scope"];
  /**
   * Starts delivering to `sink.emit` and returns, within 10 seconds; free what is held when `sink.signal` aborts.
   * A source that breaks later says so with `sink.fail`.
   */
  subscribe(args: z.output<Input>, sink: EventSink): Promise<void> | void;
}

/** Defines a source of events; unknown parameters are refused. @throws `E_TOOL_INVALID` */
export function defineEvents<Input extends z.ZodObject>(options: EventsOptions<Input>): EventSource {
  const { name, description, capabilities, tags, scope } = options;
  const subject = `Event source "${name}"`;
  const input = options.input.strict();
  return {
    name,
    description,
    parameters: jsonSchemaOf(subject, input, "input"),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(tags === undefined ? {} : { tags }),
    ...(scope === undefined ? {} : { scope }),
    async subscribe(params, sink) {
      const parsed = await parseArguments(subject, input, params);
      // `strict()` changes what is refused, not what comes out.
      await options.subscribe(parsed as z.output<Input>, sink);
    },
  };
}
