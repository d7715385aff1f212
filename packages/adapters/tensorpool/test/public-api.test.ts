import * as api from "@parley/tensorpool";
import { expect, it } from "vitest";

it("exports one function a tool, and what makes them a toolkit", () => {
  const tools = api.tensorPoolOperations.map(({ name }) =>
    name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
  );
  const rest = Object.keys(api).filter((name) => !tools.includes(name));
  expect(tools.filter((name) => !(name in api))).toEqual([]);
  expect(rest.toSorted()).toMatchInlineSnapshot(`
    [
      "Cost",
      "JobFile",
      "Lease",
      "checkTensorPool",
      "createTensorPool",
      "defaultToolsets",
      "formatJobFile",
      "parseJobFile",
      "pythonServerTools",
      "readPublicKey",
      "tensorPoolOperations",
      "toolsets",
    ]
  `);
});

it("[TPL-01] serves the ten tools of the Python server with its arguments and defaults", () => {
  const { tools } = api.createTensorPool({ tools: api.pythonServerTools, env: {} });
  const shown = tools.map(({ name, inputSchema }) => {
    const { properties = {}, required = [] } = inputSchema;
    return [name, Object.keys(Object(properties)), required];
  });
  expect(Object.fromEntries(shown.map(([name, ...rest]) => [name, rest]))).toMatchObject({
    cluster_create: [
      expect.arrayContaining(["ssh_public_key", "instance_type", "num_nodes", "name"]),
      ["instance_type"],
    ],
    cluster_list: [["org", "instances"], []],
    cluster_info: [["cluster_id"], ["cluster_id"]],
    cluster_destroy: [["cluster_id", "confirm", "wait"], ["cluster_id"]],
    job_write_config: [
      expect.arrayContaining(["workdir", "instance_type", "commands", "outputs", "ignore", "filename"]),
      ["workdir", "commands"],
    ],
    job_push: [expect.arrayContaining(["config_path", "workdir"]), ["config_path"]],
    job_list: [["org"], []],
    job_info: [["job_id"], ["job_id"]],
    job_pull: [["job_id", "force", "dest"], ["job_id"]],
    job_cancel: [["job_id", "confirm", "wait"], ["job_id"]],
  });
});
