// The main job, end to end, on this machine: a hub, three simulated sites and this very machine as the fourth.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./pnpm.mjs";

const secret = "demo-join-secret";
const children = [];
const color = process.stdout.isTTY && !process.env["NO_COLOR"];
const paint = (code, text) => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
const heading = (text) => console.log(`\n${paint("1;36", text)}`);
const said = (text) => console.log(paint("2", text));

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function bin(app, name) {
  return join(root, "apps", app, "bin", `${name}.js`);
}

/** A small program that only this machine will have: what it prints is read where it runs. */
const cowsay = `#!${process.execPath}
const os = require("node:os");
const text = [...process.argv.slice(2), "from", os.hostname() + ",", os.cpus().length, "cores,", os.type(), os.release()].join(" ");
const line = "-".repeat(text.length + 2);
console.log([" " + line, "< " + text + " >", " " + line, "        \\\\   ^__^", "         \\\\  (oo)\\\\_______",
  "            (__)\\\\       )\\\\/\\\\", "                ||----w |", "                ||     ||"].join("\\n"));
`;

/** Starts a server of the demo and resolves when it says that it is ready. */
function serve(args, ready, env = {}) {
  const child = spawn(process.execPath, [bin("mcpserver", "mcpserver"), "start", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(
      () => reject(new Error(`mcpserver start ${args.join(" ")} was not ready in 30 s: ${text}`)),
      30_000,
    );
    child.stderr.on("data", (piece) => {
      text += piece;
      if (text.includes(ready)) {
        clearTimeout(late);
        resolve(child);
      }
    });
    child.on("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`mcpserver start ${args.join(" ")} ended with ${code}: ${text}`));
    });
  });
}

/** Shows a command as a person would type it, runs it, and resolves with its exit code. */
function ask(url, args) {
  console.log(`\n${paint("32", "$")} ${paint("1", ["resource-ask", ...args].map(quoted).join(" "))}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin("resource-ask", "resource-ask"), ...args], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, RESOURCE_ASK_URL: url, ...(color ? { FORCE_COLOR: "1" } : {}) },
    });
    children.push(child);
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function quoted(word) {
  return /^[\w./:@=-]+$/.test(word) ? word : `"${word}"`;
}

async function stop() {
  const alive = children.filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    alive.map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGTERM");
          setTimeout(() => child.kill("SIGKILL"), 5000).unref();
        }),
    ),
  );
}

const startedMs = Date.now();
const directory = await mkdtemp(join(tmpdir(), "parley-demo-"));
let interrupted = false;
process.on("SIGINT", () => {
  interrupted = true;
  void stop();
});

try {
  const hubPort = await freePort();
  const hub = `http://127.0.0.1:${hubPort}`;
  const state = (name) => ["--state-dir", join(directory, name)];
  const joining = ["--join", hub, "--join-secret", secret, "--port", "0"];
  const programs = join(directory, "programs");
  await mkdir(programs);
  await writeFile(join(programs, "cowsay"), cowsay, { mode: 0o755 });
  heading("A hub, three simulated sites, and this machine");
  await serve(["--hub", "--hub-secret", secret, "--port", String(hubPort), ...state("hub")], "ready at");
  said(`hub ready at ${hub}/mcp`);
  const here = `this-${hostname()
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .slice(0, 40)}`;
  await Promise.all([
    serve([...joining, "--worker-id", "canyon", "--mock", "hpc", ...state("canyon")], "Joined"),
    serve([...joining, "--worker-id", "maple", "--mock", "cloud", ...state("maple")], "Joined"),
    serve([...joining, "--worker-id", "tern", "--mock", "standalone", ...state("tern")], "Joined"),
    serve([...joining, "--worker-id", here, "--local-allow", "cowsay", ...state("here")], "Joined", {
      PATH: [programs, process.env["PATH"]].join(delimiter),
    }),
  ]);
  const codes = [await ask(`${hub}/mcp`, ["list", "workers"])];

  heading("A job that only this machine can run: no other site has cowsay");
  codes.push(
    await ask(`${hub}/mcp`, ["negotiate", "Run cowsay 'hello' on one core, for at most 5 minutes", "--wait"]),
  );

  heading("A job that a cluster serves best");
  codes.push(
    await ask(`${hub}/mcp`, [
      "negotiate",
      "LAMMPS on 8 nodes over InfiniBand for 2 hours, start as soon as possible",
    ]),
  );
  heading("What the hub remembers");
  codes.push(await ask(`${hub}/mcp`, ["jobs"]));
  const failed = codes.filter((code) => code !== 0).length;
  if (failed > 0) throw new Error(`${failed} of ${codes.length} commands failed.`);
} catch (error) {
  if (!interrupted) {
    console.error(`\nThe demo failed: ${error.message}`);
    process.exitCode = 1;
  }
} finally {
  await stop();
  await rm(directory, { recursive: true, force: true });
}
if (interrupted) process.exitCode = 130;
else if (process.exitCode === undefined) {
  heading(`Everything is shut down again, after ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}
