#!/usr/bin/env node
// Stands in for kubectl where there is none: the commands the tools use, spoken to the API of the kubeconfig.
import { readFileSync } from "node:fs";

const flags = new Map();
const words = [];
const rest = process.argv.indexOf("--");
for (const word of process.argv.slice(2, rest === -1 ? undefined : rest)) {
  const [, name, value] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
  if (name === undefined) words.push(word);
  else flags.set(name, value ?? true);
}
const [command, ...args] = words;
const config = JSON.parse(readFileSync(process.env.KUBECONFIG, "utf8"));
const chosen = flags.get("context") ?? config["current-context"];
const context = config.contexts.find(({ name }) => name === chosen);
if (context === undefined) fail(`error: context "${chosen}" does not exist`);
const base = config.clusters[0].cluster.server;
const namespace = flags.get("namespace") ?? context.context.namespace;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

async function ask(path, init = {}) {
  let response;
  try {
    response = await fetch(base + path, init);
  } catch {
    fail(
      `The connection to the server ${new URL(base).host} was refused - did you specify the right host or port?`,
    );
  }
  if (response.ok) return response;
  const { reason, message } = await response.json();
  if (flags.has("ignore-not-found") && reason === "NotFound") return undefined;
  if (flags.get("output") === "json" && command === "get")
    print({ apiVersion: "v1", items: [], kind: "List", metadata: { resourceVersion: "" } });
  return fail(`Error from server (${reason}): ${message}`);
}

const print = (value) => process.stdout.write(`${JSON.stringify(value, undefined, 4)}\n`);

async function resourcesOf() {
  const { groups } = await (await ask("/apis")).json();
  const versions = ["v1", ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const lists = await Promise.all(
    versions.map(async (version) => (await ask(version === "v1" ? "/api/v1" : `/apis/${version}`)).json()),
  );
  return lists.flatMap(({ groupVersion, resources }) =>
    resources.map((resource) => ({ ...resource, groupVersion })),
  );
}

async function locate(type, kind) {
  const resources = await resourcesOf();
  const plain = type?.split(".")[0];
  const found = resources.find(({ name, singularName, kind: own, groupVersion }) =>
    kind === undefined
      ? name === plain || singularName === plain
      : own === kind.kind && groupVersion === kind.apiVersion,
  );
  if (found === undefined)
    fail(
      kind === undefined
        ? `error: the server doesn't have a resource type "${type}"`
        : `error: resource mapping not found: no matches for kind "${kind.kind}" in version "${kind.apiVersion}"`,
    );
  const root = found.groupVersion === "v1" ? "/api/v1" : `/apis/${found.groupVersion}`;
  const inside =
    found.namespaced && !flags.has("all-namespaces")
      ? `/namespaces/${encodeURIComponent(kind?.metadata?.namespace ?? namespace)}`
      : "";
  return `${root}${inside}/${found.name}`;
}

function query(more = {}) {
  const wanted = {
    labelSelector: flags.get("selector"),
    fieldSelector: flags.get("field-selector"),
    ...more,
  };
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** JSON, or the little YAML a test writes as JSON documents between `---`. */
function input() {
  return readFileSync(0, "utf8")
    .split(/^---$/m)
    .filter((text) => text.trim() !== "")
    .map((text) => JSON.parse(text));
}

const dry = flags.has("dry-run") ? { dryRun: "All" } : {};
const shown = (objects) => {
  if (flags.get("output") === "json")
    print(objects.length === 1 ? objects[0] : { apiVersion: "v1", kind: "List", items: objects });
  else
    for (const { kind, metadata } of objects)
      process.stdout.write(`${kind.toLowerCase()}/${metadata.name}\n`);
};

const commands = {
  async get() {
    if (flags.has("filename")) {
      const found = [];
      for (const object of input()) {
        const response = await ask(`${await locate(undefined, object)}/${object.metadata.name}`);
        if (response !== undefined) found.push(await response.json());
      }
      if (found.length > 0) shown(found);
      return;
    }
    const [type, name] = args;
    const path = await locate(type);
    if (flags.has("watch")) return await watch(path);
    const response = await ask(name === undefined ? path + query() : `${path}/${name}`);
    if (response === undefined) return;
    const answer = await response.json();
    const items = answer.items ?? [answer];
    if (flags.get("output") === "name") shown(items);
    else
      print(
        answer.items === undefined
          ? answer
          : { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } },
      );
  },
  async create() {
    const objects = [];
    for (const object of input()) {
      const path = (await locate(undefined, object)) + query(dry);
      objects.push(await (await ask(path, { method: "POST", body: JSON.stringify(object) })).json());
    }
    shown(objects);
  },
  async apply() {
    const objects = [];
    for (const object of input()) {
      const path = `${await locate(undefined, object)}/${object.metadata.name}${query(dry)}`;
      const headers = { "content-type": "application/apply-patch+yaml" };
      objects.push(
        await (await ask(path, { method: "PATCH", headers, body: JSON.stringify(object) })).json(),
      );
    }
    shown(objects);
  },
  async delete() {
    const [type, ...names] = args;
    const path = await locate(type);
    for (const name of names) await ask(`${path}/${name}`, { method: "DELETE" });
  },
  async logs() {
    const [pod] = args;
    const path = `${await locate("pods")}/${pod}/log`;
    const tail = flags.get("tail") === "-1" ? undefined : flags.get("tail");
    const wanted = Object.entries({ tailLines: tail, sinceTime: flags.get("since-time") }).filter(
      ([, value]) => value !== undefined,
    );
    process.stdout.write(await (await ask(`${path}?${new URLSearchParams(wanted)}`)).text());
  },
  async patch() {
    const [type, name] = args;
    const path = `${await locate(type)}/${name}${query(dry)}`;
    const headers = { "content-type": `application/${flags.get("type")}-patch+json` };
    shown([
      await (
        await ask(path, { method: "PATCH", headers, body: readFileSync(flags.get("patch-file"), "utf8") })
      ).json(),
    ]);
  },
  async label() {
    const [type, name, ...pairs] = args;
    const labels = Object.fromEntries(pairs.map((pair) => pair.split("=")));
    const path = `${await locate(type)}/${name}`;
    const present = await (await ask(path)).json();
    const taken = Object.keys(labels).find(
      (key) => (present.metadata.labels?.[key] ?? labels[key]) !== labels[key],
    );
    if (taken !== undefined && !flags.has("overwrite"))
      fail(
        `error: '${taken}' already has a value (${present.metadata.labels[taken]}), and --overwrite is false`,
      );
    const headers = { "content-type": "application/merge-patch+json" };
    await ask(path, { method: "PATCH", headers, body: JSON.stringify({ metadata: { labels } }) });
  },
  async scale() {
    const [type, name] = args[0].split("/");
    const path = `${await locate(type)}/${name}/scale`;
    const headers = { "content-type": "application/merge-patch+json" };
    await ask(path, {
      method: "PATCH",
      headers,
      body: JSON.stringify({ spec: { replicas: Number(flags.get("replicas")) } }),
    });
  },
  async describe() {
    const [type, name] = args;
    const object = await (await ask(`${await locate(type)}/${name}`)).json();
    process.stdout.write(`Name:  ${object.metadata.name}\nNamespace:  ${object.metadata.namespace}\n`);
  },
  async version() {
    print({
      clientVersion: { gitVersion: "v0-stand-in" },
      serverVersion: await (await ask("/version")).json(),
    });
  },
  async config() {
    const [what] = args;
    if (what === "current-context") process.stdout.write(`${config["current-context"]}\n`);
    else if (what === "get-contexts")
      process.stdout.write(config.contexts.map(({ name }) => `${name}\n`).join(""));
    else process.stdout.write(context.context.namespace);
  },
};

async function watch(path) {
  const response = await ask(path + query({ watch: "true" }));
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of response.body) {
    const lines = (text + decoder.decode(piece, { stream: true })).split("\n");
    text = lines.pop();
    for (const line of lines) print(JSON.parse(line));
  }
}

if (!Object.hasOwn(commands, command)) fail(`error: unknown command "${command}" for "kubectl"`);
await commands[command]();
