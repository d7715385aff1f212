import { expect } from "vitest";
import { z } from "zod";
import { callTool, modernClient } from "../harness/clients.ts";
import { startHub, startWorker } from "../harness/nodes.ts";
import { eventually } from "../harness/wait.ts";
import { verifies } from "../verifies.ts";

const Answer = z.object({ result: z.looseObject({ taskId: z.string().optional() }) });

/** Sends a request as a client that follows tasks does. */
async function send(url: string, method: string, params: Record<string, unknown>) {
  const name = params["name"] ?? params["taskId"];
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": { extensions: { "io.modelcontextprotocol/tasks": {} } },
  };
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      "mcp-name": String(name),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }),
  });
  return Answer.parse(await response.json()).result;
}

verifies(["TASK-10"], "a job that is waited for is a task, and one that is not answers at once", async () => {
  const hub = await startHub();
  await startWorker(hub, "here", { localAllow: ["sleep", "hostname"] });
  const dispatch = (prompt: string, more: object) =>
    send(hub.url, "tools/call", {
      name: "dispatch_job",
      arguments: { worker_id: "here", requirements: { execution: { command: prompt } }, ...more },
    });
  const { taskId = "" } = await dispatch("sleep 2", { wait: true });
  expect(await send(hub.url, "tasks/get", { taskId })).toMatchObject({ status: "working" });
  const { jobs } = (await callTool(hub, "list_jobs")).value;
  expect(jobs).toHaveLength(1);
  const ended = await eventually("the task ends", async () => {
    const view = await send(hub.url, "tasks/get", { taskId });
    return view["status"] === "working" ? undefined : view;
  });
  expect(ended).toMatchObject({
    status: "completed",
    result: { structuredContent: { hub_job_id: jobs[0].hub_job_id, job: { state: "COMPLETED" } } },
  });
  const followed = await send(hub.url, "tools/call", {
    name: "job_status",
    arguments: { hub_job_id: jobs[0].hub_job_id, wait: true },
  });
  expect(followed).toMatchObject({ structuredContent: { state: "COMPLETED" } });
  const { tools } = await (await modernClient(hub.url)).listTools();
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["get_task", "cancel_task"]));
});
