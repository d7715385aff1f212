// Hub and worker in one program of your own.
import { readSettings, start } from "@parley/mcpserver";

const open = async (flags) =>
  start(await readSettings({ flags: { port: "0", ...flags }, env: {} }), {
    env: process.env,
    notice: console.error,
  });

const hub = await open({ hub: true, hubSecret: "potato", stateDir: "state/hub" });
const worker = await open({
  join: new URL("/", hub.url).href,
  joinSecret: "potato",
  workerId: "here",
  localAllow: ["hostname"],
  stateDir: "state/worker",
});
await worker.membership.first;
const { operations } = hub.hub;
const { dispatched } = await operations.negotiate({ prompt: "Run hostname on one node", dispatch: true });
const job = await operations.wait(dispatched.job.id, { timeoutMs: 15_000 });
console.log(job.workerId, job.state, (await operations.logs(job.id, {})).text.trim());
await worker.close();
await hub.close();
