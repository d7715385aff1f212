import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { repository } from "../harness/dockerfile.ts";
import { scratch } from "../harness/nodes.ts";
import { findProgram } from "../harness/programs.ts";
import { verifies } from "../verifies.ts";

const run = promisify(execFile);
const role = join(repository, "deploy/ansible/roles/mcpo");
const read = (path: string): Promise<string> => readFile(join(repository, "deploy", path), "utf8");

const Task = z.looseObject({ name: z.string() });
type Task = z.infer<typeof Task>;
const tasksIn = async (file: string): Promise<readonly Task[]> =>
  z.array(Task).parse(parse(await readFile(join(role, "tasks", file), "utf8")));

/** Keys of a task that are no module. */
const keywords = new Set(
  "name tags when register failed_when changed_when loop loop_control environment become no_log until retries delay block rescue".split(
    " ",
  ),
);

/** The modules of ansible.builtin that a task may be made of: nothing else is installed by Ansible alone. */
const builtin = new Set(
  "apt command copy deb822_repository fail file group import_tasks include_tasks pip set_fact slurp stat systemd_service template uri user"
    .split(" ")
    .map((name) => `ansible.builtin.${name}`),
);

/** All tasks in order, those of blocks after one another. */
function flat(tasks: readonly Task[]): readonly Task[] {
  return tasks.flatMap((task) => [
    task,
    ...flat(z.array(Task).parse(task["block"] ?? [])),
    ...flat(z.array(Task).parse(task["rescue"] ?? [])),
  ]);
}

verifies(["GTW-113"], "The unit is the seed's, and what the role renders by default.", async () => {
  const unit = await read("systemd/mcpo.service");
  for (const line of ["User=mcpo", "Restart=always", "RestartSec=3", "WorkingDirectory=/srv/mcpo"]) {
    expect(unit.split("\n")).toContain(line);
  }
  expect(unit).toMatch(
    /^ExecStart=\/srv\/mcpo\/node_modules\/\.bin\/mcpo --port 25530 --config \/srv\/mcpo\/config\.json/m,
  );
  const defaults = z
    .record(z.string(), z.unknown())
    .parse(parse(await read("ansible/roles/mcpo/defaults/main.yml")));
  const template = await read("ansible/roles/mcpo/templates/mcpo.service.j2");
  const rendered = template.replaceAll(/\{\{ (\w+) \}\}/g, (_all, name: string) => String(defaults[name]));
  expect(rendered).toBe(unit);
});

verifies(["GTW-113"], "systemd finds nothing wrong with the unit and little exposed.", async ({ skip }) => {
  const analyze = findProgram("systemd-analyze") ?? skip("There is no systemd-analyze here.");
  const folder = await scratch();
  const path = join(folder, "mcpo.service");
  // The program is not installed here: any that is takes its place.
  const unit = await read("systemd/mcpo.service");
  await writeFile(path, unit.replaceAll(/=\/srv\/mcpo\/node_modules\/\.bin\/mcpo/g, "=/bin/true"));
  const { stderr } = await run(analyze, ["verify", path]);
  expect(stderr.split("\n").filter((line) => line.includes("mcpo.service"))).toEqual([]);
  const { stdout } = await run(analyze, ["security", "--offline=true", "--threshold=25", path]);
  expect(Number(/exposure level for mcpo\.service: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(2.5);
});

verifies(
  ["GTW-115"],
  "The role checks before it swaps, keeps what was there, and restores it when the probe fails.",
  async () => {
    const main = await tasksIn("main.yml");
    expect(main.map((task) => task["ansible.builtin.import_tasks"])).toEqual([
      "account.yml",
      "runtime.yml",
      "program.yml",
      "configuration.yml",
      "swap.yml",
    ]);
    const configuration = await tasksIn("configuration.yml");
    expect(JSON.stringify(configuration)).toMatch(/'check'.*config\.json\.new.*'warm'/);
    // Nothing is written here but files that end in .new.
    const written = configuration.flatMap((task) => {
      const module = task["ansible.builtin.copy"] ?? task["ansible.builtin.template"];
      return module === undefined ? [] : [z.object({ dest: z.string() }).parse(module).dest];
    });
    expect(written).toHaveLength(3);
    expect(written.filter((dest) => !dest.endsWith(".new"))).toEqual([]);

    const swap = await tasksIn("swap.yml");
    const guarded = swap.at(-1);
    expect(JSON.stringify(swap.slice(0, -1))).toContain(".bak");
    expect(JSON.stringify(guarded?.["block"])).toMatch(/\.new.*restarted.*health\.yml/);
    expect(JSON.stringify(guarded?.["rescue"])).toMatch(/\.bak.*restarted.*ansible\.builtin\.fail/);
    expect(JSON.stringify(await tasksIn("health.yml"))).toMatch(/"until":"mcpo_health\.status == 200"/);
    expect(JSON.stringify(await tasksIn("restart.yml"))).toMatch(/'check'.*restarted.*health\.yml/);
  },
);

verifies(
  ["GTW-115"],
  "Every task is a module of Ansible itself, and those that hold secrets are not logged.",
  async () => {
    for (const file of await readdir(join(role, "tasks"))) {
      for (const task of flat(await tasksIn(file))) {
        const modules = Object.keys(task).filter((key) => !keywords.has(key));
        expect([file, task.name, modules.filter((name) => !builtin.has(name))]).toEqual([
          file,
          task.name,
          [],
        ]);
        expect([file, task.name, modules.length]).toEqual([
          file,
          task.name,
          task["block"] === undefined ? 1 : 0,
        ]);
        const text = JSON.stringify(task[modules[0] ?? ""] ?? "");
        const holdsSecret = /\.j2.*config|item \}\}\.j2|mcpo_api_key \}\}/.test(text);
        if (holdsSecret) expect([file, task.name, task["no_log"]]).toEqual([file, task.name, true]);
      }
    }
    for (const play of ["deploy.yml", "restart.yml"]) {
      expect(parse(await read(`ansible/${play}`))).toMatchObject([{ hosts: "mcpo", become: true }]);
    }
    const variables = z
      .looseObject({ mcpo_servers: z.record(z.string(), z.unknown()) })
      .parse(parse(await read("ansible/inventory/host_vars/miranda.incus.yml")));
    expect(Object.keys(variables.mcpo_servers)).toHaveLength(13);
    const example = z
      .record(z.string(), z.string())
      .parse(parse(await read("ansible/inventory/group_vars/all/vault.yml.example")));
    const used = JSON.stringify(variables).matchAll(/\{\{ (vault_\w+) \}\}/g);
    expect(Array.from(used, ([, name = ""]) => name).toSorted()).toEqual(Object.keys(example).toSorted());
    expect(await readFile(join(repository, ".gitignore"), "utf8")).toContain("group_vars/all/vault.yml");
  },
);

verifies(
  ["GTW-115"],
  "Ansible deploys a configuration, and brings the old one back when the service does not answer.",
  async ({ skip }) => {
    const playbook =
      findProgram("ansible-playbook", [join(repository, ".parley/ansible/bin")]) ??
      skip(
        "Ansible is not installed: python3 -m venv .parley/ansible, then .parley/ansible/bin/pip install ansible-core.",
      );
    skip(process.getuid?.() !== 0, "The role runs as root.");
    const { inventory, folder, play } = await target(playbook);
    const answers = await stub();
    const health = { mcpo_health_url: answers.url };
    const first = await play(inventory, {
      ...health,
      mcpo_servers: { files: { command: "true", env: { T: "s3cr3t" } } },
    });
    expect(first).toMatchObject({ code: 0 });
    expect(first.text).not.toContain("s3cr3t");
    const taken = await readFile(join(folder, "srv/config.json"), "utf8");
    expect(JSON.parse(taken)).toEqual({ mcpServers: { files: { command: "true", env: { T: "s3cr3t" } } } });

    answers.fail();
    const second = await play(inventory, {
      ...health,
      mcpo_servers: { other: { url: "http://127.0.0.1:9/mcp" } },
    });
    expect(second.code).not.toBe(0);
    expect(second.text).toContain("the one before it is back in place");
    expect(await readFile(join(folder, "srv/config.json"), "utf8")).toBe(taken);
    expect(await readFile(join(folder, "srv/config.json.bak"), "utf8")).toBe(taken);

    const third = await play(inventory, { ...health, mcpo_servers: { wrong: { type: "carrier-pigeon" } } });
    expect(third.text).toContain("write stdio, sse or streamable-http");
    expect(await readFile(join(folder, "srv/config.json"), "utf8")).toBe(taken);
  },
  300_000,
);

/** A machine for the role: this one, with everything in a folder and without systemd. */
async function target(playbook: string) {
  const folder = await scratch();
  const bin = join(folder, "srv/node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await mkdir(join(folder, "srv/node_modules/@parley/proxy"), { recursive: true });
  await mkdir(join(folder, "unit"));
  await writeFile(join(folder, "srv/node_modules/@parley/proxy/package.json"), '{"version": "0.1.0"}');
  const program = `#!${process.execPath}\nimport(${JSON.stringify(join(repository, "apps/proxy/bin/mcpo.js"))});\n`;
  await writeFile(join(bin, "mcpo"), program, { mode: 0o755 });
  const variables = {
    ansible_connection: "local",
    ansible_python_interpreter: "{{ ansible_playbook_python }}",
    mcpo_user: "root",
    mcpo_group: "root",
    mcpo_directory: join(folder, "srv"),
    mcpo_unit_directory: join(folder, "unit"),
    mcpo_manage_service: false,
    mcpo_warm: false,
    mcpo_health_retries: 1,
    mcpo_health_delay: 0,
  };
  const inventory = join(folder, "hosts.json");
  await writeFile(inventory, JSON.stringify({ mcpo: { hosts: { localhost: variables } } }));
  const play = async (hosts: string, extra: unknown) => {
    const argv = [
      "-i",
      hosts,
      "deploy.yml",
      "--skip-tags",
      "mcpo_account,mcpo_runtime",
      "-e",
      JSON.stringify(extra),
    ];
    const cwd = join(repository, "deploy/ansible");
    const env = { ...process.env, HOME: folder, ANSIBLE_NOCOLOR: "1", ANSIBLE_LOCALHOST_WARNING: "False" };
    const ended = await run(playbook, argv, { cwd, env, timeout: 120_000 }).then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      (error: { code?: unknown; stdout?: unknown; stderr?: unknown }) => ({
        code: Number(error.code),
        text: `${String(error.stdout)}${String(error.stderr)}`,
      }),
    );
    return ended;
  };
  return { folder, inventory, play };
}

/** Answers /docs with 200 until it is told not to. */
async function stub() {
  let status = 200;
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/docs`, fail: () => void (status = 503) };
}
