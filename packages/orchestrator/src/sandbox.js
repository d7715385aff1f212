// Runs in a thread of its own, which is ended when it takes too long: patterns and schemas come from anybody.
import { parentPort, workerData } from "node:worker_threads";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** @type {import("./sandbox-task.ts").SandboxTask} */
const task = workerData;

/**
 * @param {import("./sandbox-task.ts").SandboxTask} given
 * @returns {import("./sandbox-task.ts").SandboxAnswer}
 */
function check(given) {
  if (given.kind === "regex") {
    return { ok: new RegExp(given.pattern, given.flags).test(given.text), problems: [] };
  }
  const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true, logger: false }));
  const { $schema: _dialect, ...schema } = given.schema;
  const ok = ajv.validate(schema, given.value);
  const problems = (ajv.errors ?? [])
    .slice(0, 10)
    .map((error) => `${error.instancePath || "/"} ${error.message}`);
  return { ok, problems };
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has no origin
parentPort?.postMessage(check(task));
