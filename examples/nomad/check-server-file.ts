import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { validateJobFile } from "@parley/nomad";

const require = createRequire(import.meta.url);
const manifest = require.resolve("@parley/nomad/package.json");
// Its declarations bring the browser's with them.
const {
  parse,
}: { readonly parse: (name: string, text: string) => Promise<unknown> } = require("@cdktf/hcl2json");
const bin = join(dirname(manifest), "bin", "parley-nomad.js");

type Block = Readonly<Record<string, unknown>>;

/** The one block of that kind and label, or the only one of its kind. */
function block(parent: Block, kind: string, label?: string): Block {
  const found = parent[kind];
  const named: unknown = label === undefined ? found : record(found)[label];
  assert.ok(Array.isArray(named) && named.length === 1, `there is one ${kind} ${label ?? ""}`);
  return record(named[0]);
}

function record(value: unknown): Block {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/**
 * Validates the job that deploys the server: its HCL is parsed, its parts are the ones a deployment needs, and every flag
 * it passes is one the program has. A real Nomad, where there is one, validates it too.
 */
export async function checkServerFile(hcl: string, address: string | undefined): Promise<string> {
  const job = block(record(await parse("server.nomad.hcl", hcl)), "job", "parley-nomad");
  const group = block(job, "group", "server");
  const task = block(group, "task", "server");
  const { args } = block(task, "config");
  assert.ok(Array.isArray(args));
  const flags = args.filter((each): each is string => typeof each === "string" && each.startsWith("--"));
  const { stdout: help } = spawnSync(process.execPath, [bin, "--help"], { encoding: "utf8" });
  assert.deepEqual(
    flags.filter((flag) => !help.includes(`${flag} `)),
    [],
    "every flag is one of the program's",
  );
  for (const flag of ["--rest", "--host", "--token-file"]) assert.ok(flags.includes(flag), flag);

  const [network, service] = [block(group, "network"), block(group, "service")];
  const { static: port } = block(network, "port", "http");
  assert.equal(args[args.indexOf("--port") + 1], String(port), "the server listens on the port it is given");
  assert.equal(block(service, "check")["path"], "/readyz");
  const env = block(task, "env");
  assert.match(String(env["NOMAD_ADDR"]), /^unix:\/\/.*NOMAD_SECRETS_DIR.*\/api\.sock$/);
  assert.equal(block(task, "identity")["env"], true, "the token is the workload's own");
  const { destination, perms } = block(task, "template");
  assert.equal(
    args[args.indexOf("--token-file") + 1],
    destination,
    "the token file is the one that is written",
  );
  assert.equal(perms, "600");
  if (address === undefined) return "server.nomad.hcl parses and fits the program.";

  const { valid, problems } = await validateJobFile({ content: hcl, format: "hcl" }, { address });
  assert.deepEqual({ valid, problems }, { valid: true, problems: [] });
  return "server.nomad.hcl parses, fits the program, and Nomad finds it valid.";
}
