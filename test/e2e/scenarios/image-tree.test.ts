import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chmod, chown, cp, mkdir, symlink } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished } from "vitest";
import { callTool } from "../harness/clients.ts";
import { effective, environment, readDockerfile, repository, words } from "../harness/dockerfile.ts";
import type { Dockerfile } from "../harness/dockerfile.ts";
import { scratch } from "../harness/nodes.ts";
import { verifies } from "../verifies.ts";

const run = promisify(execFile);

/** A user id that no account has, as OpenShift assigns one. */
const stranger = { uid: 1_000_670_000, gid: 0 } as const;

/** Does what the Dockerfile's build stage does after set-up, into a folder instead of `/app`. */
async function deploy(dockerfile: Dockerfile, root: string): Promise<void> {
  const build = dockerfile.stages[0]?.find(({ keyword }) => keyword === "RUN")?.text ?? "";
  const step = /node (scripts\/pnpm\.mjs [^&]+ deploy [^&]+) \/app /.exec(
    build.replaceAll(/\\\n\s*/g, " "),
  )?.[1];
  const argv = (step ?? "").replaceAll('"', "").replace("${APP}", "mcpserver").split(/\s+/);
  await run(process.execPath, [...argv, join(root, "app")], { cwd: repository, timeout: 150_000 });
  await symlink("bin/mcpserver.js", join(root, "app", "entry.js"));
  await cp(join(repository, "docker/health.mjs"), join(root, "app", "health.mjs"));
  await mkdir(join(root, "state"));
  await chown(join(root, "state"), 1000, 0);
  await chmod(join(root, "state"), 0o770);
  await chmod(root, 0o755);
}

/** The words of an instruction with the container's folders replaced by ours. */
const inside = (root: string, list: readonly string[]): string[] =>
  list.map((word) => word.replace(/^\/(?=app|state)/, `${root}/`));

/** Runs a program as the container would: another user, the image's environment, nothing else. */
function runAs(root: string, argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const [, ...rest] = argv;
  const child = spawn(process.execPath, rest, {
    ...stranger,
    cwd: join(root, "state"),
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function readyAt(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const piece of child.stderr ?? []) {
    text += String(piece);
    const url = /ready at (\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`It ended: ${text}`);
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("exit", resolve));

/** An address of this machine that is not loopback, where there is one. */
const outside = (): string =>
  Object.values(networkInterfaces())
    .flat()
    .find((found) => found?.family === "IPv4" && !found.internal)?.address ?? "127.0.0.1";

verifies(
  ["EX-07", "EX-08", "EX-01"],
  "the image's files answer the echo example as a stranger's process",
  async ({ skip }) => {
    skip(process.getuid?.() !== 0, "Only root can start a process as somebody else.");
    const root = await scratch();
    const dockerfile = await readDockerfile("docker/Dockerfile");
    await deploy(dockerfile, root);
    const image = Object.entries(environment(effective(dockerfile, "mcpserver", "ENV")));
    const env = Object.fromEntries(image.map(([name, value]) => [name, inside(root, [value])[0] ?? value]));
    const entry = inside(root, words(effective(dockerfile, "mcpserver", "ENTRYPOINT")));
    const command = words(effective(dockerfile, "mcpserver", "CMD"));

    const server = runAs(root, [...entry, ...command], { ...env, MCPSERVER_PORT: "0" });
    const { port } = new URL(await readyAt(server));
    const url = `http://${outside()}:${port}/mcp`;
    expect((await callTool({ url }, "simple_echo", { message: "from outside" })).text).toBe("from outside");
    const listed = await (await fetch(new URL("/tools/list", url))).json();
    expect(listed).toMatchObject({ tools: [{ name: "simple_echo" }] });
    const example = join(repository, "examples/echo/main.ts");
    const { stdout } = await run(process.execPath, ["--import", "tsx", example, url], {
      cwd: join(repository, "examples/echo"),
    });
    expect(stdout).toBe("client heard: hello from outside\nfetch heard:  hello from outside\n");

    const probe = /CMD (\[.+\])$/.exec(effective(dockerfile, "mcpserver", "HEALTHCHECK") ?? "")?.[1];
    const probing = inside(root, words(probe));
    expect(await ended(runAs(root, probing, { ...env, MCPSERVER_PORT: port }))).toBe(0);

    const gone = ended(server);
    server.kill("SIGTERM");
    expect(await gone).toBe(0);
    expect(await ended(runAs(root, probing, { ...env, MCPSERVER_PORT: port }))).toBe(1);
  },
  240_000,
);
