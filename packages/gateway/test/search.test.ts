import { createMcpClient } from "@parley/mcp-client";
import type { JsonObject } from "@parley/mcp-client";
import { defineTool } from "@parley/tool-registry";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { entry, start, text, tool, until, upstream } from "./_gateway.ts";

const ask = defineTool({
  name: "remove_repo",
  description: "Removes a repository. Cannot be undone.",
  input: z.object({ repo: z.string().describe("The repository") }),
  annotations: { destructiveHint: true, readOnlyHint: false },
  async handler({ repo }, context) {
    const { action } = await context.elicit({ message: `Remove ${repo}?`, schema: z.object({}) });
    return `${repo}: ${action}`;
  },
});

async function started() {
  const [git, cal] = [await upstream(), await upstream()];
  const issue = {
    type: "object",
    properties: {
      labels: { type: "array", items: { type: "string" } },
      title: { type: "string" },
      state: { enum: ["open", "closed"] },
    },
    required: ["title"],
  };
  git.registry.addTool(
    tool("createIssue", ({ title }) => text(`made ${String(title)}`), {
      inputSchema: issue,
      description: "Creates an issue. It is shown to everybody.",
    }),
  );
  git.registry.addTool(
    tool("list_pull_requests", text("prs"), {
      annotations: { readOnlyHint: true },
      description: "Open requests",
    }),
  );
  git.registry.addTool(ask);
  cal.registry.addTool(tool("add_event", text("added"), { description: "Puts a meeting into the calendar" }));
  const servers = [
    entry("git", { type: "http", url: git.url }),
    entry("cal", { type: "http", url: cal.url }),
  ];
  const groups = [{ name: "g", servers: ["cal"], tools: [] }];
  return { git, ...(await start({ servers, groups })) };
}

function connect(url: string, answer: JsonObject = { action: "accept", content: {} }) {
  const client = createMcpClient({ url, handlers: { "elicitation/create": () => answer } });
  onTestFinished(() => client.close());
  const said = async (name: string, args: JsonObject): Promise<string> => {
    const { content } = await client.callTool(name, args);
    return String(Object(Array.isArray(content) ? content[0] : undefined).text);
  };
  return { client, said };
}

test("[GTW-59] three tools stand for all, find them, describe them and call them", async () => {
  const { url } = await started();
  const { client, said } = connect(`${url}/mcp?mode=search`);
  const tools = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["call_tool", "describe_tool", "search_tools"]);
  const [call, describe, search] = tools.map((one) => Object(one.annotations));
  expect(call).toMatchObject({ readOnlyHint: false, destructiveHint: true, openWorldHint: true });
  expect(describe).toMatchObject({ readOnlyHint: true });
  expect(search).toMatchObject({ readOnlyHint: true });
  expect(tools[2]?.description).toContain("There are 4 tools of cal, git.");

  const found = await said("search_tools", { query: "create an issue with labels" });
  expect(found.split("\n")[0]).toBe(
    'git_createIssue(title: string, labels?: string[], state?: "open"|"closed"): Creates an issue.',
  );
  expect(await said("search_tools", { query: "pull request", limit: 1 })).toBe(
    "git_list_pull_requests() [says it only reads]: Open requests",
  );
  expect(await said("search_tools", { query: "remove repository" })).toContain("[says it may destroy]");
  expect(await said("search_tools", { query: "zzzz" })).toContain("Nothing fits");
  const whole: unknown = JSON.parse(await said("describe_tool", { name: "git_createIssue" }));
  expect(whole).toMatchObject({ name: "git_createIssue", inputSchema: { required: ["title"] } });
  expect(await said("call_tool", { name: "git_createIssue", arguments: { title: "t" } })).toBe("made t");
  expect(await said("call_tool", { name: "cal_add_event" })).toBe("added");
  expect(await said("call_tool", { name: "git_create_issue" })).toContain("like it are git_createIssue");
});

test("[GTW-59] a called tool asks as ever, and the catalogue is followed", async () => {
  const { url, git } = await started();
  const { said } = connect(`${url}/mcp?mode=search`);
  expect(await said("call_tool", { name: "git_remove_repo", arguments: { repo: "r" } })).toBe("r: accept");
  expect(await said("search_tools", { query: "weather" })).toContain("Nothing fits");
  git.registry.addTool(tool("weather_report", text("sun")));
  await until(async () =>
    expect(await said("search_tools", { query: "weather" })).toContain("git_weather_report"),
  );
});

test("[GTW-59] one server and a group are searched alone, and another mode is refused", async () => {
  const { url, post } = await started();
  expect(
    await connect(`${url}/servers/git/mcp?mode=search`).said("search_tools", { query: "issue" }),
  ).toContain("createIssue(title");
  const group = connect(`${url}/g/mcp?mode=search`);
  expect(await group.said("search_tools", { query: "issue" })).toContain("Nothing fits");
  expect(await group.said("call_tool", { name: "git_createIssue", arguments: { title: "t" } })).toContain(
    "no tool",
  );
  expect((await connect(`${url}/mcp?mode=all`).client.listTools()).length).toBe(4);
  expect((await post("/mcp?mode=serch", {})).status).toBe(400);
});
