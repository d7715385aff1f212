import { createNomad, memoryConfigs, nomadRoutes, type NomadToolkitOptions } from "@parley/nomad";
import { type ServerOptions, createServer } from "@parley/server";
import { createRegistry } from "@parley/tool-registry";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** Nomad's tools and routes on a server of their own, for one test. */
export async function serveNomad(
  options: NomadToolkitOptions,
  server: Partial<ServerOptions> = {},
): Promise<{ readonly url: string; readonly ask: (path: string, init?: Asking) => Promise<Answered> }> {
  const registry = createRegistry();
  const nomad = createNomad({
    env: {},
    configs: memoryConfigs(),
    sleep: (ms, signal) => delay(Math.min(ms, 5), undefined, { signal }),
    ...options,
  });
  registry.replace(nomad.origin, nomad);
  const served = createServer({ name: "parley-nomad", version: "1.0.0", registry, sse: true, ...server });
  const { app } = served;
  nomadRoutes(nomad, { app, callTool: (...call) => served.callTool(...call) });
  const { url } = await served.listen({ port: 0 });
  onTestFinished(async () => {
    await served.close();
    await nomad.close();
  });
  return {
    url,
    async ask(path, init = {}) {
      const headers = { ...(init.body ? { "content-type": "application/json" } : {}), ...init.headers };
      const response = await fetch(`${url}${path}`, { ...init, headers });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return { status: response.status, body: isJson ? JSON.parse(text) : text };
    },
  };
}

/** One request. */
export interface Asking {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect in it
  readonly body: any;
}
