import { z } from "zod";

/** Sites look these names up, so they are names and no sentences. */
const Name = z.string().regex(/^[a-z0-9][\w.+-]{0,62}$/i, "must be a plain name of at most 63 characters");
const Names = z.array(Name).min(1).max(8);
const Version = z.string().regex(/^[\w.+-]{1,32}$/, "must be a version");
const Comparison = z.enum(["==", "~", ">=", "<=", ">", "<"]);
/** One of anything is what every job has, so it would settle words and ask for nothing. */
const Several = z.strictObject({ min: z.number().int().min(2).max(1_000_000) });
const Some = z.strictObject({ min: z.number().int().min(1).max(1_000_000) });
const Gib = z.number().min(1).max(1_000_000);

const nothing = "asks for nothing";
function asksSomething(section: object): boolean {
  return Object.values(section).some((value) => value !== undefined);
}

/**
 * What a model may add to a request: things a site has or has not, each of which becomes a clause on its facts. In the
 * form of `job-requirements/1`, without what is run, where, as whom, for how long and for how much, and without anything
 * that would make a requirement weaker.
 */
export const AddedRequirements = z
  .strictObject({
    compute: z
      .strictObject({
        nodes: Several,
        cores: Several,
        coresPerNode: Several,
        tasks: Several,
      })
      .partial()
      .refine(asksSomething, nothing),
    gpu: z.strictObject({
      need: z.literal("required"),
      total: Some.optional(),
      perNode: Some.optional(),
      vendor: z.enum(["nvidia", "amd", "intel"]).optional(),
      models: Names.optional(),
      vramGb: Gib.optional(),
      runtime: z.enum(["cuda", "rocm", "oneapi"]).optional(),
    }),
    memory: z
      .strictObject({ totalGb: Gib, perNodeGb: Gib, perTaskGb: Gib, perCoreGb: Gib })
      .partial()
      .refine(asksSomething, nothing),
    software: z
      .array(z.strictObject({ name: Name, op: Comparison.optional(), version: Version.optional() }))
      .min(1)
      .max(8),
    mpi: z.strictObject({
      required: z.literal(true),
      impl: Name.optional(),
      op: Comparison.optional(),
      version: Version.optional(),
    }),
    container: z.strictObject({ runtimes: Names }),
    network: z
      .strictObject({ fabrics: Names, minGbps: z.number().min(1).max(100_000), rdma: z.literal(true) })
      .partial()
      .refine(asksSomething, nothing),
    storage: z
      .array(z.strictObject({ kind: Name, minFreeGb: Gib }).partial().refine(asksSomething, nothing))
      .min(1)
      .max(8),
    platform: z
      .strictObject({
        arch: z.enum(["x86_64", "aarch64", "ppc64le", "riscv64"]),
        cpuFlags: Names,
        cpuVendor: Name,
        os: Name,
      })
      .partial()
      .refine(asksSomething, nothing),
  })
  .partial()
  .refine(asksSomething, nothing);
export type AddedRequirements = z.infer<typeof AddedRequirements>;

/** What a model takes words of a request to ask for, which no rule reads. */
export const ModelReading = z.strictObject({
  /** The words, as they stand in `unresolved` of the request. */
  words: z.string().min(1).max(1000),
  adds: AddedRequirements,
});
export type ModelReading = z.infer<typeof ModelReading>;

/** A model's part in a site's answer. It adds requirements; facts, verdict and limits are code's. */
export const ModelPart = z.object({
  /** Provider and name. */
  id: z.string().min(1).max(200),
  /** False when the rules' answer stands alone: it was silent, refused, over budget or not to be used. */
  heard: z.boolean(),
  /** Code of the fault, when it was not heard. */
  code: z.string().max(64).optional(),
  /** Why it was not heard. */
  reason: z.string().max(400).optional(),
  readings: z.array(ModelReading).max(16).default([]),
  /** What it read and wrote, where the provider says so. */
  tokens: z.number().int().min(0).optional(),
});
export type ModelPart = z.infer<typeof ModelPart>;
