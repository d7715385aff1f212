import { z } from "zod";

/** The most characters of a text that are kept. */
const maxText = 200_000;

/** Text from outside, bounded; where something was left out it says so. */
export function bounded(text: string, most = maxText): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n[${text.length - most} more characters]`;
}

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  uri: z.string().optional(),
  mimeType: z.string().optional(),
  resource: z.looseObject({ uri: z.string().optional(), text: z.string().optional() }).optional(),
});

/** The words of blocks of content; what has none is named. */
export function wordsOf(blocks: readonly unknown[]): string {
  return bounded(blocks.map((block) => wordsOfBlock(block)).join("\n"));
}

/** The words of one block of content. */
export function wordsOfBlock(raw: unknown): string {
  const { data } = Block.safeParse(raw);
  if (data === undefined) return "";
  if (data.text !== undefined) return data.text;
  if (data.resource?.text !== undefined) return data.resource.text;
  const uri = data.uri ?? data.resource?.uri;
  return `[${data.type}${uri === undefined ? "" : ` ${uri}`}${data.mimeType === undefined ? "" : ` ${data.mimeType}`}]`;
}
