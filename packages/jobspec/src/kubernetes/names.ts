/** A name of RFC 1123: lower case, digits and dashes, 63 characters at most. */
export function dnsName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "");
  return plain === "" ? "job" : plain;
}

/** Whether a text can be the value of a label. */
export const isLabelValue = (text: string): boolean => /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(text);

/** Whether a text can be the key of a label. */
export const isLabelKey = (text: string): boolean =>
  /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(text);

/** Labels and resources by their published names. */
export const names = {
  account: "account",
  queue: "kueue.x-k8s.io/queue-name",
  job: "app.kubernetes.io/name",
  gpu: "nvidia.com/gpu",
  gpuProduct: "nvidia.com/gpu.product",
  host: "kubernetes.io/hostname",
} as const;
