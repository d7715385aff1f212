import { nomadOperations, openCall } from "@parley/nomad";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FakeNomad, sampleJob, startFakeNomad } from "./_fake-nomad.ts";

let fake: FakeNomad;
beforeAll(async () => {
  fake = await startFakeNomad();
  fake.state.jobs.set("default\nweb", { ...sampleJob("web"), Version: 0, Periodic: {} });
  fake.allocate("default", { ...sampleJob("web"), Version: 0 }, sampleJob("web").TaskGroups[0], "web.g[0]");
  const ID = "ddddeeee-1ac3-1078-a057-07129e64392c";
  fake.state.deployments.push({ ID, JobID: "web", Namespace: "default", Status: "running" });
});
afterAll(() => fake.close());

const allocation_id = "00000001-1ac3-1078-a057-07129e64392c";
const deployment_id = "ddddeeee-1ac3-1078-a057-07129e64392c";
const node_id = "dc951290-8ed5-130f-37c8-545e952eb9f6";

it("asks Nomad for exactly this", async () => {
  const calls: [string, object][] = [
    ["stop_job", { job_id: "web", no_shutdown_delay: true }],
    ["force_periodic_job", { job_id: "web" }],
    ["restart_allocation", { allocation_id, task: "t" }],
    ["signal_allocation", { allocation_id, signal: "SIGHUP", task: "t" }],
    ["stop_allocation", { allocation_id, confirm: true }],
    ["promote_deployment", { deployment_id, confirm: true }],
    ["promote_deployment", { deployment_id, groups: ["g"], confirm: true }],
    ["pause_deployment", { deployment_id, pause: false }],
    ["fail_deployment", { deployment_id, confirm: true }],
    ["set_node_eligibility", { node_id, eligible: false }],
    ["create_namespace", { name: "dev", meta: { owner: "ada" } }],
    ["delete_namespace", { name: "dev", confirm: true }],
    ["write_variable", { path: "a/b", items: { k: "v" } }],
    ["delete_variable", { path: "a/b", confirm: true }],
    ["search_cluster", { prefix: "we", context: "jobs" }],
  ];
  const call = openCall({ address: fake.address, env: {} });
  const seen: string[] = [];
  for (const [name, args] of calls) {
    fake.requests.length = 0;
    await nomadOperations.find((entry) => entry.name === name)?.call(args, call);
    const acted = fake.requests.filter(({ method }) => method !== "GET");
    seen.push(
      ...acted.map(
        ({ method, path, query, body }) => `${method} ${path} ${JSON.stringify([query, body ?? null])}`,
      ),
    );
  }
  await call.nomad.close();
  expect(seen).toMatchInlineSnapshot(`
    [
      "DELETE /v1/job/web [{"namespace":"default","no_shutdown_delay":"true"},null]",
      "POST /v1/job/web/periodic/force [{"namespace":"default"},null]",
      "PUT /v1/client/allocation/00000001-1ac3-1078-a057-07129e64392c/restart [{"namespace":"default"},{"TaskName":"t"}]",
      "PUT /v1/client/allocation/00000001-1ac3-1078-a057-07129e64392c/signal [{"namespace":"default"},{"Signal":"SIGHUP","Task":"t"}]",
      "POST /v1/allocation/00000001-1ac3-1078-a057-07129e64392c/stop [{"namespace":"default"},null]",
      "POST /v1/deployment/promote/ddddeeee-1ac3-1078-a057-07129e64392c [{"namespace":"default"},{"DeploymentID":"ddddeeee-1ac3-1078-a057-07129e64392c","All":true}]",
      "POST /v1/deployment/promote/ddddeeee-1ac3-1078-a057-07129e64392c [{"namespace":"default"},{"DeploymentID":"ddddeeee-1ac3-1078-a057-07129e64392c","Groups":["g"]}]",
      "POST /v1/deployment/pause/ddddeeee-1ac3-1078-a057-07129e64392c [{"namespace":"default"},{"DeploymentID":"ddddeeee-1ac3-1078-a057-07129e64392c","Pause":false}]",
      "POST /v1/deployment/fail/ddddeeee-1ac3-1078-a057-07129e64392c [{"namespace":"default"},{"DeploymentID":"ddddeeee-1ac3-1078-a057-07129e64392c"}]",
      "POST /v1/node/dc951290-8ed5-130f-37c8-545e952eb9f6/eligibility [{"namespace":"default"},{"Eligibility":"ineligible"}]",
      "PUT /v1/namespace [{"namespace":"default"},{"Name":"dev","Description":"","Meta":{"owner":"ada"}}]",
      "DELETE /v1/namespace/dev [{"namespace":"default"},null]",
      "PUT /v1/var/a/b [{"namespace":"default","cas":"0"},{"Path":"a/b","Namespace":"default","Items":{"k":"v"}}]",
      "DELETE /v1/var/a/b [{"namespace":"default","cas":"113"},null]",
      "POST /v1/search [{"namespace":"default"},{"Prefix":"we","Context":"jobs"}]",
    ]
  `);
});
