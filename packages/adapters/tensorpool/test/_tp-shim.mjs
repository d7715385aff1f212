// A stand-in for `tp`: takes exactly the arguments that the recorded help of a release says, prints what the real one
// prints, and speaks to TENSORPOOL_ENGINE as it does. `node _tp-shim.mjs RECORDING.json ARGS...`
import { mkdirSync, readFileSync, writeFileSync, existsSync, readFileSync as read } from "node:fs";
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { WebSocket } from "ws";

const [recording, ...argv] = process.argv.slice(2);
const { version, help } = JSON.parse(readFileSync(recording, "utf8"));
const { TENSORPOOL_KEY: key, TENSORPOOL_ENGINE: engine } = process.env;
const legacy = help["cluster create"].includes("-t INSTANCE_TYPE");

const print = (text) => text && process.stdout.write(`${text}\n`);
function fail(text, code = 1) {
  (code === 2 ? process.stderr : process.stdout).write(`${text}\n`);
  process.exit(code);
}

/** The usage of a command: options with and without a value, and what must be there. */
function grammarOf(command) {
  const usage = help[command].split(/\n\s*\n/)[0].replace(/\s+/g, " ");
  const rest = usage.slice(`usage: tp ${command === "" ? "" : `${command} `}`.length);
  const flags = new Map();
  const required = [];
  for (const [whole, open, short, value] of rest.matchAll(
    /(\[)?(--?[a-z][a-z-]*)(?: (\[?[A-Z_]+[^\]]*?))?(?=\]| |$)/g,
  )) {
    flags.set(short, value !== undefined);
    if (open === undefined && whole.startsWith("-")) required.push(short);
  }
  const long = [...help[command].matchAll(/(-[a-z])(?: [A-Z_]+)?, (--[a-z-]+)(?:, (--[a-z-]+))?/g)];
  for (const [, short, one] of long) if (flags.has(short)) flags.set(one, flags.get(short));
  for (const [, one, two] of help[command].matchAll(/(--[a-z-]+), (--[a-z-]+)/g))
    if (flags.has(one)) flags.set(two, flags.get(one));
  const bare = rest
    .replace(/\[[^\]]*\]+/g, " ")
    .replace(/--?[a-z][a-z-]*(?: [A-Z_]+)?/g, " ")
    .replace(/\.\.\.|[[\]]/g, " ");
  return { usage, flags, required, positionals: bare.split(/\s+/).filter((word) => /^[a-z_]+$/.test(word)) };
}

function parse(command, words) {
  const { usage, flags, required, positionals } = grammarOf(command);
  const options = {};
  const given = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word.startsWith("-")) given.push(word);
    else if (!flags.has(word)) fail(`${usage}\ntp: error: unrecognized arguments: ${word}`, 2);
    else options[word] = flags.get(word) ? words[++at] : true;
  }
  const lacking = [...required.filter((name) => !(name in options)), ...positionals.slice(given.length)];
  if (lacking.length > 0) {
    fail(`${usage}\ntp ${command}: error: the following arguments are required: ${lacking.join(", ")}`, 2);
  }
  if (given.length > positionals.length) {
    fail(`${usage}\ntp: error: unrecognized arguments: ${given.slice(positionals.length).join(" ")}`, 2);
  }
  return { options, given };
}

async function http(method, path, body) {
  const response = await fetch(engine + path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "x-client-type": "cli" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => fail("Cannot reach the TensorPool. Please check your internet connection."));
  const text = await response.text();
  try {
    return { ok: response.status < 300, status: response.status, data: text === "" ? {} : JSON.parse(text) };
  } catch {
    return fail(`Failed to decode server response. Status code: ${response.status}`);
  }
}

async function say(method, path, body) {
  const { ok, data, status } = await http(method, path, body);
  print(data.message ?? data.error ?? (ok ? "" : `Status code: ${status}`));
  if (!ok) process.exit(1);
  return data;
}

/** Follows a request as `--wait` does, but asks again at once. */
async function follow(data) {
  for (const id of [data.request_id, ...(data.request_ids ?? [])].filter(Boolean)) {
    for (;;) {
      const { data: now } = await http("GET", `/request/info/${id}`);
      if (now.status === "COMPLETED") break;
      if (now.status !== "PROCESSING") fail(now.message);
    }
  }
}

function runLine(socket, { command, command_show_stdout: show }) {
  const { stdout, stderr, status } = spawnSync("/bin/sh", ["-c", command], { encoding: "utf8" });
  if (show) process.stdout.write(stdout);
  socket?.send(
    JSON.stringify({
      type: "command_result",
      command,
      exit_code: status,
      command_stdout: stdout,
      command_stderr: stderr,
    }),
  );
}

function stream(path, payload) {
  return new Promise((resolve) => {
    const socket = new WebSocket(engine.replace(/^http/, "ws") + path);
    let last = {};
    socket.on("error", (error) => fail(`WebSocket error: ${error.message}`));
    socket.on("open", () => {
      socket.send(JSON.stringify({ TENSORPOOL_KEY: key }));
      if (payload !== undefined) socket.send(JSON.stringify(payload));
    });
    socket.on("message", (text) => {
      last = JSON.parse(Buffer.concat([text].flat()).toString("utf8"));
      print(last.message);
      if (last.command) runLine(socket, last);
      if (last.status !== undefined) socket.close();
    });
    socket.on("close", (code, reason) => {
      if (last.status === "error") process.exit(1);
      if (last.status === undefined && code !== 1000)
        fail(`Job connection closed, code = ${code}\n${String(reason)}`);
      resolve();
    });
  });
}

async function pull(id, force) {
  const { data } = await http("GET", `/job/pull/${id}?dry_run=False&system=linux`);
  if (data.command) runLine(undefined, data);
  if (!data.download_map) fail(data.message ?? "");
  for (const [path, address] of Object.entries(data.download_map)) {
    if (existsSync(path) && !force) {
      print(`Skipping ${path} - file already exists`);
      continue;
    }
    if (dirname(path) !== ".") mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await (await fetch(address)).text());
  }
  print("Job files pulled successfully");
}

const truth = (text) => ["true", "1", "yes"].includes(text);
const org = (options) => (options["--org"] ? "?include_org=True" : "");
const keyOf = (path) => read(path, "utf8").trim();

/** Changes go over a socket in the old generation, over HTTP in the current one. */
async function change({ socket, method, path, body, wait }) {
  if (legacy) {
    await stream(`${socket}?no_input=true`, body);
    return;
  }
  const data = await say(method, path, body);
  if (wait) await follow(data);
}

const commands = {
  me: () => say("GET", "/user/info").then(() => print(`TENSORPOOL_ENGINE=${engine}`)),
  "me sshkey list": (_, options) => say("GET", `/user/ssh-key/list${org(options)}`),
  "me sshkey add": ([path], options) =>
    say("POST", "/user/ssh-key/add", { public_key: keyOf(path), name: options["--name"] }),
  "me sshkey remove": ([id]) => say("DELETE", `/user/ssh-key/remove/${id}`),
  "cluster create": ([positional], options) =>
    change({
      socket: "/cluster/create",
      method: "POST",
      path: "/cluster/create",
      wait: options["--wait"],
      body: {
        instance_type: options["-t"] ?? positional,
        num_nodes: options["-n"] === undefined ? null : Number(options["-n"]),
        deletion_protection: options["--deletion-protection"] ?? false,
        ...(options["-i"] === undefined ? {} : { public_keys: [keyOf(options["-i"])] }),
        ...(options["--name"] === undefined ? {} : { tp_cluster_name: options["--name"] }),
        ...(options["--container"] === undefined ? {} : { container: options["--container"] }),
      },
    }),
  "cluster list": (_, options) => say("GET", `/cluster/list${org(options)}`),
  "cluster info": ([id]) => say("GET", `/cluster/info/${id}`),
  "cluster edit": ([id], options) =>
    say("PATCH", `/cluster/edit/${id}`, {
      cluster_name: options["--name"],
      deletion_protection: options["--deletion-protection"] && truth(options["--deletion-protection"]),
    }),
  "cluster destroy": ([id], options) =>
    change({
      socket: `/cluster/destroy/${id}`,
      method: "DELETE",
      path: `/cluster/${id}`,
      wait: options["--wait"],
    }),
  "cluster attach": ([cluster_id, storage_id], options) =>
    change({
      socket: "/storage/attach",
      method: "POST",
      path: "/storage/attach",
      wait: options["--wait"],
      body: { storage_id, cluster_ids: [cluster_id] },
    }),
  "cluster detach": ([cluster_id, storage_id], options) =>
    change({
      socket: "/storage/detach",
      method: "POST",
      path: "/storage/detach",
      wait: options["--wait"],
      body: { storage_id, cluster_ids: [cluster_id], cluster_id },
    }),
  "storage create": ([size], options) =>
    change({
      socket: "/storage/create",
      method: "POST",
      path: "/storage/create",
      wait: options["--wait"],
      body: { size: Number(options["-s"] ?? size), name: options["--name"] },
    }),
  "storage attach": ([storage_id, cluster_id]) =>
    stream("/storage/attach", { storage_id, cluster_ids: [cluster_id] }),
  "storage detach": ([storage_id, cluster_id]) =>
    stream("/storage/detach", { storage_id, cluster_ids: [cluster_id] }),
  "storage list": (_, options) => say("GET", `/storage/list${org(options)}`),
  "storage info": ([id]) => say("GET", `/storage/info/${id}`),
  "storage edit": ([id], options) =>
    say("PATCH", `/storage/edit/${id}`, { size_gb: options["-s"] && Number(options["-s"]) }),
  "storage destroy": ([id], options) =>
    change({
      socket: `/storage/destroy/${id}`,
      method: "DELETE",
      path: `/storage/${id}`,
      wait: options["--wait"],
    }),
  "job push": ([path, cluster_id], options) => {
    if (!existsSync(path)) fail(`Config file not found: ${path}`);
    const current = legacy ? {} : { cluster_id, teardown_cluster: options["--teardown"] ?? false };
    return stream("/job/push", { tp_config: read(path, "utf8"), system: "Linux", ...current });
  },
  "job list": (_, options) => say("GET", `/job/list${org(options)}`),
  "job info": ([id]) => say("GET", `/job/info/${id}`),
  "job listen": ([id]) => stream(`/job/listen/${id}`),
  "job pull": ([id], options) => pull(id, options["--force"]),
  "job cancel": ([id], options) => {
    if (!legacy && !options["--no-input"] && !globalNoInput) {
      fail("Cancel job requires explicit confirmation in non-interactive mode.");
    }
    return change({ socket: `/job/cancel/${id}`, method: "POST", path: `/job/cancel/${id}`, body: {} });
  },
  "job delete": ([id]) => say("DELETE", `/job/delete/${id}`),
  "object-storage bucket list": async () => {
    const { data } = await http("GET", "/object-storage/bucket/list");
    print(data.buckets.join("\n"));
  },
  "object-storage bucket create": ([name]) => say("PUT", `/object-storage/bucket/create/${name}`),
  "object-storage bucket delete": ([name]) => say("DELETE", `/object-storage/bucket/delete/${name}`),
};

const globalNoInput = argv[0] === "--no-input";
const words = globalNoInput ? argv.slice(1) : argv;
if (words[0] === "--version") {
  print(version);
  process.exit(0);
}
const known = Object.keys(help).filter((name) => name === "" || `${words.join(" ")} `.startsWith(`${name} `));
const command = known.toSorted((one, other) => other.length - one.length)[0];
const rest = words.slice(command === "" ? 0 : command.split(" ").length);
if (rest.includes("--help")) {
  process.stdout.write(help[command]);
  process.exit(0);
}
if (commands[command] === undefined) fail(`${help[command]}\ntp: error: invalid choice: '${rest[0]}'`, 2);
const { options, given } = parse(command, rest);
if (!key) fail("TENSORPOOL_KEY environment variable not found.");
print("* Authenticating...");
const health = await http("POST", "/health", { package_version: version });
if (!health.ok) fail(health.data.message);
await commands[command](given, options);
