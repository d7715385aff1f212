import { access } from "node:fs/promises";
import { join } from "node:path";
import { defineTool, toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { expect } from "vitest";
import { z } from "zod";
import { callTool, http, modernClient, oldClient, ownClient } from "../harness/clients.ts";
import { scratch, startHub, startWorker } from "../harness/nodes.ts";
import { eventually } from "../harness/wait.ts";
import { answers, startStranger } from "../harness/workers.ts";
import { verifies } from "../verifies.ts";

type Listed = { name: string; inputSchema: unknown; outputSchema?: unknown; title?: string };

async function listed(base: string): Promise<Listed[]> {
  return (await http(`${base}/tools/list`)).body.tools;
}

function mirrored(base: string, name: string): Promise<Listed> {
  return eventually(name, async () => (await listed(base)).find((tool) => tool.name === name));
}

/** A tool described with a JSON Schema of its own, as any MCP server may have it. */
function raw(name: string, inputSchema: Record<string, unknown>): Tool {
  return {
    name,
    title: `Title of ${name}`,
    description: "Gives back what it heard.",
    inputSchema,
    outputSchema: { type: "object", properties: { heard: {} }, "x-out": [1, null] },
    call: (args) => Promise.resolve(toolResult({ structured: { heard: args } })),
  };
}

const odd = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    url: { type: "string" },
    info: { type: "integer" },
    hub: { type: ["boolean", "null"] },
    from: { type: "array", items: { type: "string" } },
    args: { type: "object" },
    worker_id: { type: "string" },
    class: { type: "number" },
    "with space/and slash": { type: "string" },
  },
  required: ["url"],
  additionalProperties: false,
  "x-vendor": { deep: [1, null, true] },
};

verifies(["NAME-01", "ERA-01"], "the namespaced call gives what the worker itself gives", async () => {
  const hub = await startHub();
  const worker = await startWorker(hub, "781e903e4f10", { mock: "hpc" });
  const name = "n_781e903e4f10_get_status";
  await mirrored(hub.base, name);
  const direct = (await callTool(worker, "get_status")).value;
  const old = await (await oldClient(hub.url)).callTool({ name, arguments: {} });
  const modern = await (await modernClient(hub.url)).callTool({ name, arguments: {} });
  for (const answer of [old, modern, await ownClient(hub.url).callTool(name)]) {
    const status = answer.structuredContent as typeof direct;
    expect(status.worker_id).toBe("781e903e4f10");
    expect(Object.keys(status.manifest)).toEqual(
      expect.arrayContaining(["workload", "software", "storage", "network", "hardware", "parallel"]),
    );
    expect({ ...status, timestamp: 0 }).toEqual({ ...direct, timestamp: 0 });
  }
});

verifies(["NAME-02"], "odd argument names and values arrive untouched; a wrong type does not", async () => {
  const hub = await startHub();
  await startStranger(hub, "w", [raw("odd", odd)]);
  const tool = await mirrored(hub.base, "w_odd");
  expect(tool.inputSchema).toEqual(odd);
  expect(tool.outputSchema).toEqual({ type: "object", properties: { heard: {} }, "x-out": [1, null] });
  expect(tool.title).toBe("Title of odd");
  const given = {
    url: "file:///x",
    info: 0,
    hub: false,
    from: [],
    args: { nested: null },
    worker_id: "someone else",
    class: -0.5,
    "with space/and slash": "",
  };
  const sent = await callTool(hub, "w_odd", given);
  expect(sent.value.heard).toEqual(given);
  const nothing = await callTool(hub, "w_odd", { url: "x", hub: null });
  expect(nothing.value.heard).toEqual({ url: "x", hub: null });
  for (const wrong of [{ url: 4 }, {}, { url: "x", info: "1" }, { url: "x", stray: 1 }]) {
    const refused = await callTool(hub, "w_odd", wrong).catch((error: Error) => ({
      isError: true,
      text: error.message,
    }));
    expect([wrong, refused.isError]).toEqual([wrong, true]);
  }
});

verifies(["NAME-04"], "a name or schema made to be executed executes nothing", async () => {
  const marker = join(await scratch(), "ran");
  const evil = `x=__import__('os').system('touch ${marker}')`;
  const js = `constructor.constructor("require('fs').writeFileSync('${marker}','')")()`;
  const schema = {
    type: "object",
    properties: { [evil]: { type: "string" }, [js]: { type: "string" }, "`touch x`": {}, __proto__x: {} },
    "x-${process.exit(1)}": true,
  };
  const hub = await startHub();
  await startStranger(hub, "w", [
    raw("plain", schema),
    { ...raw("tool", { type: "object" }), description: `"); ${js} //` },
  ]);
  const tool = await mirrored(hub.base, "w_plain");
  expect(tool.inputSchema).toEqual(schema);
  const heard = await callTool(hub, "w_plain", { [evil]: "1", [js]: "$(touch marker)" });
  expect(heard.value.heard).toEqual({ [evil]: "1", [js]: "$(touch marker)" });
  await expect(access(marker)).rejects.toThrow("ENOENT");
  expect((await http(`${hub.base}/health`)).status).toBe(200);
});

verifies(["NAME-03"], "failure, lateness and cancellation pass through the hub", async () => {
  const hub = await startHub();
  let aborted = 0;
  const sleeps = (_args: unknown, signal: AbortSignal): Promise<string> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted += 1;
        reject(new Error("stopped"));
      });
    });
  await startStranger(hub, "w", [
    answers("fails", () => {
      throw new Error("the disk is on fire");
    }),
    answers("sleeps", sleeps),
    defineTool({
      name: "counts",
      description: "Reports progress.",
      input: z.object({}),
      handler: (_args, context) => {
        context.progress(1, 2, "half");
        return "done";
      },
    }),
  ]);
  await mirrored(hub.base, "w_fails");
  const failed = await callTool(hub, "w_fails");
  expect([failed.isError, failed.text]).toEqual([true, expect.stringContaining("the disk is on fire")]);
  const client = ownClient(hub.url);
  const heard: unknown[] = [];
  await client.callTool("w_counts", {}, { onProgress: (progress) => heard.push(progress.message) });
  expect(heard).toEqual(["half"]);
  const late = client.callTool("w_sleeps", {}, { timeoutMs: 400 });
  expect((await http(`${hub.base}/health`)).status).toBe(200);
  await expect(late).rejects.toMatchObject({ code: "E_MCP_TIMEOUT" });
  await eventually("the worker's abort", () => aborted === 1);
  const stop = new AbortController();
  const cancelled = (await modernClient(hub.url)).callTool(
    { name: "w_sleeps", arguments: {} },
    { signal: stop.signal },
  );
  setTimeout(() => stop.abort(), 200);
  await expect(cancelled).rejects.toThrow(/abort/i);
  await eventually("the second abort", () => aborted === 2);
});

verifies(["NAME-05"], "control tools stay hidden and no worker takes a hub's name", async () => {
  const hub = await startHub();
  await startWorker(hub, "w", { mock: "hpc" });
  await startStranger(hub, "get", [
    answers("fleet_status", () => "mine"),
    answers("other", () => "still here"),
    answers("submit", () => "no"),
    answers("export_provider_metadata", () => "no"),
  ]);
  await mirrored(hub.base, "get_other");
  await mirrored(hub.base, "w_get_status");
  const names = (await listed(hub.base)).map((tool) => tool.name);
  expect(names.filter((name) => /submit|export_provider|w_job|w_cancel/.test(name))).toEqual([]);
  expect((await callTool(hub, "get_fleet_status")).value).toHaveProperty("w");
  const renamed = names.find((name) => name.startsWith("get_fleet_status_"));
  expect((await callTool(hub, renamed ?? "")).text).toBe("mine");
});
