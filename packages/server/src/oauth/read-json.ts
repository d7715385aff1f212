import { ParleyError } from "@parley/core";

/** Fetches a JSON document; rejects unless it answers 200 with JSON of a bounded size. */
export type ReadJson = (url: string, signal: AbortSignal) => Promise<unknown>;

const maxBytes = 1024 * 1024;

/** {@link ReadJson} by the built-in fetch, which follows no redirect here. */
export const readJson: ReadJson = async (url, signal) => {
  const response = await fetch(url, { signal, redirect: "error", headers: { accept: "application/json" } });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new ParleyError("E_AUTH_UNAVAILABLE", `${url} answered ${response.status}.`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new ParleyError("E_AUTH_UNAVAILABLE", `${url} sent more than 1 MiB.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
};
