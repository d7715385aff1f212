import { z } from "zod";
import { Said, sayMessage } from "../answers.ts";
import { bucketCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";

export const BucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is 3 to 63 small letters, digits, dots and dashes")
  .describe("Name of the bucket, for example: checkpoints");

/** Makes a bucket. */
export const bucketCreate = operation({
  name: "bucket_create",
  description: "Makes a bucket in TensorPool's object storage, which bills its largest size of a month.",
  toolset: "buckets",
  effect: "write",
  input: z.strictObject({ bucket_name: BucketName }),
  output: Said,
  async run({ bucket_name }, call) {
    const { message } = await call.backend.send(bucketCommands.create(bucket_name), call);
    return { message };
  },
  say: sayMessage,
});
