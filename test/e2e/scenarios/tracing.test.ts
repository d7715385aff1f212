import { Validator } from "@seriousme/openapi-schema-validator";
import { createMcpClient } from "@parley/mcp-client";
import { expect, onTestFinished, vi } from "vitest";
import { http } from "../harness/clients.ts";
import { startHub, startNode, startWorker } from "../harness/nodes.ts";
import { verifies } from "../verifies.ts";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

verifies(
  ["SRV-12"],
  "a hub without a tracer of its own hands the caller's trace on to the worker",
  async () => {
    const hub = await startHub();
    const worker = await startWorker(hub, "w", { mock: "hpc" });
    const seen: unknown[] = [];
    const registry = worker.worker?.registry;
    const known = registry?.tool("get_status");
    if (registry === undefined || known === undefined) throw new Error("The worker has no get_status.");
    const call = registry.call.bind(registry);
    vi.spyOn(registry, "call").mockImplementation((name, args, context) => {
      seen.push(context._meta);
      return call(name, args, context);
    });
    const client = createMcpClient({ url: hub.url });
    onTestFinished(() => client.close());
    const mirrored = () => client.listTools().then((tools) => tools.map(({ name }) => name));
    await vi.waitFor(async () => expect(await mirrored()).toContain("w_get_status"));
    const meta = { traceparent, "example.com/private": "kept back" };
    await client.callTool("w_get_status", {}, { meta });
    const [received] = seen;
    expect(received).toMatchObject({ traceparent });
    expect(JSON.stringify(received)).not.toContain("kept back");
  },
);

verifies(["SRV-10"], "the OpenAPI document of a hub is valid too", async () => {
  const hub = await startHub();
  const { body } = await http(`${hub.base}/openapi.json`);
  const result = await new Validator().validate(JSON.parse(JSON.stringify(body)));
  expect(result.errors ?? []).toEqual([]);
  const plain = await startNode({ transport: "http" });
  expect((await fetch(`${plain.base}/docs/`)).status).toBe(200);
});
