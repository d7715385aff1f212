import { z } from "zod";
import { Said, sayMessage } from "../answers.ts";
import { Confirm } from "../arguments.ts";
import { bucketCommands } from "../commands/storage.ts";
import { operation } from "../operation.ts";
import { BucketName } from "./bucket-create.ts";

/** Deletes a bucket. */
export const bucketDelete = operation({
  name: "bucket_delete",
  description: "Deletes an empty bucket of TensorPool's object storage; needs confirm: true.",
  toolset: "buckets",
  effect: "destroy",
  idempotent: true,
  input: z.strictObject({ bucket_name: BucketName, confirm: Confirm }),
  output: Said,
  destroys: ({ bucket_name }) => `would delete bucket ${bucket_name}.`,
  async run({ bucket_name }, call) {
    const { message } = await call.backend.send(bucketCommands.delete(bucket_name), call);
    return { message };
  },
  say: sayMessage,
});
