import { createDispatcher } from "@parley/mcp-client";
import type { CaSource } from "@parley/mcp-client";
import type { ReadJson } from "@parley/server/oauth";
import { request } from "undici";

const maxBytes = 1024 * 1024;

/** Fetches an issuer's documents, trusting the same authorities as everything else here. */
export function createReadJson(ca: CaSource): {
  readonly readJson: ReadJson;
  close(): Promise<void>;
} {
  const dispatcher = createDispatcher(ca);
  return {
    async readJson(url, signal) {
      const { statusCode, body } = await request(url, {
        dispatcher,
        signal,
        headers: { accept: "application/json" },
      });
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of body) {
        const part = Buffer.from(chunk);
        bytes += part.byteLength;
        if (bytes > maxBytes) throw new Error(`${url} sent more than 1 MiB`);
        chunks.push(part);
      }
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
      return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    },
    close: () => dispatcher.destroy(),
  };
}
