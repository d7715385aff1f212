import { z } from "zod";
import { Said } from "../answers.ts";
import { bucketCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

/** Lists buckets. */
export const bucketList = operation({
  name: "bucket_list",
  description: "Lists the buckets of TensorPool's object storage (tp 0.0.9 or later).",
  toolset: "buckets",
  effect: "read",
  input: z.strictObject({}),
  output: Said.extend({ buckets: z.array(z.string()) }),
  async run(_args, call) {
    const { message, data } = await call.backend.send(bucketCommands.list(), call);
    return { message, buckets: namesOf(data["buckets"]) };
  },
  say: ({ message, buckets }) => (buckets.length === 0 ? message : buckets.join("\n")),
});

/** The engine lists names, or objects that have one. */
function namesOf(value: unknown): string[] {
  const Bucket = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
  return z.array(Bucket).safeParse(value).data ?? [];
}
