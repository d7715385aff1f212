#!/usr/bin/env node
// Stands in for docker, podman or buildah, whichever it is called as: remembers its calls and images in HOME.
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const home = process.env.HOME;
const engine = basename(process.argv[1]);
const [command, ...args] = process.argv.slice(2);
appendFileSync(
  join(home, "calls.ndjson"),
  `${JSON.stringify({ argv: [engine, command, ...args], env: process.env })}\n`,
);
const stored = join(home, "images.json");
const images = existsSync(stored) ? JSON.parse(readFileSync(stored, "utf8")) : {};
const save = () => writeFileSync(stored, JSON.stringify(images));
const say = (line) => process.stdout.write(`${line}\n`);
const fail = (message, code = 1) => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};
const flag = (name) => args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const words = args.filter((word) => !word.startsWith("-"));
const id = "c2fe391dc231b102992f41dc08f7e7b25c5c4b31e70c2d96f3c2aef1dcc937d8";

const commands = {
  version: () => say("28.2.2"),
  "--version": () => say(`${engine} version 4.3.1`),
  async build() {
    const text = readFileSync(flag("file"), "utf8");
    const context = args.at(-1);
    const steps = text.split("\n").filter((line) => line !== "");
    const known = { context: readdirSync(context).toSorted(), text, cwd: process.cwd() };
    writeFileSync(join(home, "build.json"), JSON.stringify(known));
    for (const [at, step] of steps.entries()) {
      say(`STEP ${at + 1}/${steps.length}: ${step}`);
      if (step.includes("show-secrets")) {
        for (const word of args.filter((each) => each.startsWith("--secret=")))
          say(readFileSync(/src=(.*)$/.exec(word)[1], "utf8"));
      }
      if (step.includes("shout"))
        for (let line = 0; line < 60_000; line += 1) say(`${line} ${"x".repeat(80)}`);
      if (step.includes("fail")) {
        process.stderr.write("E: Unable to locate package libmpi\n");
        fail(`Error: building at STEP "${step}": exit status 100`, 100);
      }
      if (step.includes("hang")) {
        const child = spawn("sleep", ["600"], { stdio: "ignore" });
        writeFileSync(join(home, "child.pid"), String(child.pid));
        await new Promise((resolve) => child.once("exit", resolve));
      }
    }
    images[flag("tag") ?? flag("manifest")] = id;
    save();
    writeFileSync(flag("iidfile"), `sha256:${id}`);
  },
  image() {
    const uri = words[1];
    if (images[uri] === undefined) fail(`Error: ${uri}: image not known`, 125);
    const Config = { Cmd: ["/app"], Env: ["PATH=/bin", "HF_TOKEN=hf_secret"], User: "" };
    say(
      JSON.stringify([
        {
          Id: id,
          RepoTags: [uri],
          RepoDigests: [`${uri}@sha256:${id}`],
          Os: "linux",
          Architecture: "amd64",
          Size: 42,
          Config,
        },
      ]),
    );
  },
  inspect() {
    const [uri] = words;
    if (images[uri] === undefined) fail(`Error: ${uri}: image not known`, 125);
    say(
      JSON.stringify({
        FromImage: uri,
        FromImageID: id,
        FromImageDigest: `sha256:${id}`,
        OCIv1: { os: "linux", architecture: "amd64", config: {} },
      }),
    );
  },
  images() {
    const all = Object.keys(images);
    if (engine === "docker")
      for (const name of all)
        say(JSON.stringify({ ID: `sha256:${id}`, Repository: name, Tag: "1", Size: "42B" }));
    else say(JSON.stringify(all.map((name) => ({ Id: id, Names: [name], Size: 42 }))));
  },
  rmi() {
    const [uri] = words;
    if (images[uri] === undefined) fail(`Error: ${uri}: image not known`);
    delete images[uri];
    save();
  },
  tag() {
    const [uri, name] = words;
    if (images[uri] === undefined) fail(`Error: ${uri}: image not known`);
    images[name] = images[uri];
    save();
  },
  push() {
    const [uri] = words;
    if (images[uri] === undefined)
      fail("denied: requested access to the resource is denied password=hunter2");
    say(`1: digest: sha256:${id} size: 528`);
  },
  async run() {
    const at = args.findIndex((word) => !word.startsWith("-"));
    const [uri, ...argv] = args.slice(at);
    if (images[uri] === undefined) fail(`Error: ${uri}: image not known`, 125);
    if (argv[0] === "hang")
      await new Promise((resolve) => spawn("sleep", ["600"], { stdio: "ignore" }).once("exit", resolve));
    say(JSON.stringify(argv));
    process.exit(argv[0] === "fail" ? 3 : 0);
  },
  rm: () => {},
  save: () => writeFileSync(flag("output"), "archive"),
  load: () => say("Loaded image: localhost/x:1"),
};

if (!Object.hasOwn(commands, command)) fail(`unknown command ${command}`, 125);
await commands[command]();
