import { z } from "zod";

/** The arguments tools share. Each description ends in an example. */

/** Begins with a letter or digit, so that it can never be read as an option. */
const identifier = (what: string, example: string): z.ZodString =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "is letters, digits, dots, dashes and underscores")
    .describe(`ID of the ${what}, for example: ${example}`);

export const ClusterId = identifier("cluster", "c-123");
export const JobId = identifier("job", "j-123");
export const StorageId = identifier("volume", "s-123");
export const RequestId = identifier("request", "r-123");
export const SshKeyId = identifier("SSH key", "k-123");

export const InstanceType = z
  .string()
  .regex(/^\d{1,3}x[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, "is a count, an x and a GPU, such as 8xH100")
  .describe("GPUs of each node, for example: 1xH100");

export const Nodes = z
  .number()
  .int()
  .min(1)
  .max(1024)
  .default(1)
  .describe("Nodes of the cluster, for example: 1");

export const Name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, "begins with a letter or digit and has at most 64 characters")
  .describe("Name to find it by, for example: train-llama");

export const PublicKeyLine = z
  .string()
  .max(16_384)
  .describe(
    "OpenSSH public key, one line; absent: the keys saved on the account; for example: ssh-ed25519 AAAAC3... me@host",
  );

export const Org = z
  .boolean()
  .default(false)
  .describe("Includes what others of the organization have, for example: false");

export const Wait = z
  .boolean()
  .default(false)
  .describe("Answers only when it is done, which may take minutes, for example: false");

export const Confirm = z
  .boolean()
  .default(false)
  .describe("Goes on where the call would destroy something or cost more than the limits, for example: true");

export const DeletionProtection = z
  .boolean()
  .describe("Refuses to be destroyed until it is switched off, for example: false");

export const LeaseHours = z
  .number()
  .positive()
  .max(24 * 365)
  .describe("Hours after which this server destroys the cluster, for example: 8");

export const Path = z.string().min(1).max(4096);
