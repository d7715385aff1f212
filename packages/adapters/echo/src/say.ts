import { z } from "zod";

/** What {@link structuredEcho} answers. */
export const Echoed = z.object({
  message: z.string(),
  times: z.number().int(),
  /** Length of the message in UTF-16 code units, as JavaScript counts. */
  length: z.number().int(),
});
export type Echoed = z.infer<typeof Echoed>;

/** Says the message back. */
export async function simpleEcho({ message }: { message: string }): Promise<string> {
  return message;
}

/** Says the message back `times` times (default 1), with facts about it. */
export async function structuredEcho(args: { message: string; times?: number | undefined }): Promise<Echoed> {
  const { message, times = 1 } = args;
  return { message: Array.from({ length: times }, () => message).join(" "), times, length: message.length };
}
