/** GPUs of one type on one node; `type` is absent where the site did not name it. */
export interface GpuCount {
  readonly type?: string | undefined;
  readonly count: number;
}

/**
 * Reads the GPUs of a Gres or GresUsed field: `gpu:h100:4(S:0-1)`, `gpu:4`, `gpu:h100:2(IDX:0-1),nvme:1`, `(null)`.
 * Other generic resources are left out.
 */
export function parseGpus(gres: string): GpuCount[] {
  const plain = gres.replaceAll(/\([^)]*\)/g, "");
  return plain.split(",").flatMap((entry): GpuCount[] => {
    const [name, ...rest] = entry.trim().split(":");
    if (name !== "gpu") return [];
    const last = rest.at(-1);
    const counted = last !== undefined && /^\d{1,6}$/.test(last);
    const type = (counted ? rest.slice(0, -1) : rest).join(":");
    return [{ ...(type === "" ? {} : { type }), count: counted ? Number(last) : 1 }];
  });
}

/** GPUs over all types. */
export function totalGpus(gpus: readonly GpuCount[]): number {
  return gpus.reduce((sum, { count }) => sum + count, 0);
}
