// Packs the packages as they would be published and uses them in a project outside this repository.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = await mkdtemp(join(tmpdir(), "parley-embed-"));

function pnpm(args, cwd) {
  const script = join(root, "scripts", "pnpm.mjs");
  return spawnSync(process.execPath, [script, ...args], { cwd, encoding: "utf8" });
}

/** Packs mcpserver and every package it needs; returns tarball by name. */
function pack() {
  const filter = ["--filter", "@parley/mcpserver..."];
  const packed = pnpm(["-r", ...filter, "pack", "--json", "--pack-destination", project], root);
  assert.equal(packed.status, 0, packed.stderr);
  const list = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("[")));
  return Object.fromEntries(list.map(({ name, filename }) => [name, `file:${filename}`]));
}

try {
  const tarballs = pack();
  console.log(`${Object.keys(tarballs).length} tarballs`);
  const manifest = {
    name: "outside",
    private: true,
    type: "module",
    dependencies: { "@parley/mcpserver": tarballs["@parley/mcpserver"] },
    pnpm: { overrides: tarballs },
  };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  await copyFile(new URL("federation.mjs", import.meta.url), join(project, "federation.mjs"));

  const install = [
    "install",
    "--prefer-offline",
    "--no-optional",
    "--ignore-scripts",
    "--reporter=append-only",
  ];
  const installed = pnpm(install, project);
  const output = `${installed.stdout}${installed.stderr}`;
  if (
    installed.status !== 0 &&
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|META_FETCH/.test(output)
  ) {
    console.log("Skipped: the npm registry cannot be reached, so other packages cannot be installed.");
  } else {
    assert.equal(installed.status, 0, output);
    const { dependencies } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
    console.log(Object.keys(dependencies).join(" "));
    const run = spawnSync(process.execPath, ["federation.mjs"], {
      cwd: project,
      encoding: "utf8",
      timeout: 30_000,
    });
    console.log(run.stdout.trim());
    assert.equal(run.stdout.trim(), `here COMPLETED ${hostname()}`, run.stderr);
    assert.equal(run.status, 0, run.stderr);
  }
} finally {
  await rm(project, { recursive: true, force: true });
}
