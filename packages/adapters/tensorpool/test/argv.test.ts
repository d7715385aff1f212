import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { EngineCommand } from "../src/backend.ts";
import { readCapabilities } from "../src/cli/capabilities.ts";
import { clusterCommands } from "../src/commands/clusters.ts";
import { jobCommands } from "../src/commands/jobs.ts";
import { bucketCommands, storageCommands } from "../src/commands/storage.ts";

const Recording = z.object({ version: z.string(), help: z.record(z.string(), z.string()) });

/** What a release says of itself. */
function capabilitiesOf(release: string) {
  const path = new URL(`fixtures/tp-${release}.json`, import.meta.url);
  const { version, help } = Recording.parse(JSON.parse(readFileSync(path, "utf8")));
  return readCapabilities({
    version,
    root: help[""],
    cluster: help["cluster"],
    create: help["cluster create"],
    list: help["cluster list"],
    job: help["job"],
    push: help["job push"],
    cancel: help["job cancel"],
    storage: help["storage create"],
  });
}

function argvOf(release: string, command: EngineCommand): string {
  return command.argv({ tp: capabilitiesOf(release), file: (name) => `/scratch/${name}` }).join(" ");
}

const releases = ["0.0.5", "0.0.6", "0.0.7", "0.0.9"];
const over = (command: EngineCommand): string[] => releases.map((release) => argvOf(release, command));

describe("[TPL-02] the arguments of each release", () => {
  it("tells the generations apart by their help", () => {
    expect(releases.map((release) => capabilitiesOf(release).generation)).toEqual([
      "legacy",
      "legacy",
      "current",
      "current",
    ]);
    expect(releases.map((release) => capabilitiesOf(release).version)).toEqual(releases);
    expect(releases.map((release) => capabilitiesOf(release).pushNeedsCluster)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it("reads the same from help that was wrapped", () => {
    const create =
      "usage: tp cluster create [-h] [-i PUBLIC_KEY]\n                         [--container\n CONTAINER]\n     instance_type\n\noptions:";
    expect(readCapabilities({ create })).toMatchObject({
      instanceType: "positional",
      containerFlag: "--container",
    });
    expect(readCapabilities({ version: "unknown\n" }).version).toBe("unknown");
  });

  it("names the instance type by a flag or by its place", () => {
    const command = clusterCommands.create({
      instance_type: "8xH100",
      num_nodes: 2,
      name: "a b",
      publicKey: "ssh-ed25519 AAAA",
      deletion_protection: true,
      wait: true,
    });
    const rest = "-n 2 --name a b --deletion-protection --wait";
    const old = `cluster create -i /scratch/key.pub -t 8xH100 --no-input ${rest}`;
    const current = `cluster create -i /scratch/key.pub 8xH100 ${rest}`;
    expect(over(command)).toEqual([old, old, current, current]);
  });

  it("confirms where the release asks, and only there", () => {
    expect(over(jobCommands.cancel("j-1"))).toEqual([
      "job cancel j-1",
      "job cancel j-1",
      "job cancel j-1 --no-input",
      "job cancel j-1 --no-input",
    ]);
    expect(new Set(over(clusterCommands.destroy({ cluster_id: "c-1", wait: false })))).toEqual(
      new Set(["cluster destroy c-1 --no-input"]),
    );
  });

  it("makes and attaches volumes in the four ways there were", () => {
    const volume = { size_gb: 5, volume_type: "flex", deletion_protection: false, wait: true } as const;
    expect(over(storageCommands.create(volume))).toEqual([
      "storage create -s 5 --no-input",
      "storage create -t flex -s 5 --no-input",
      "storage create flex -s 5 --wait",
      "storage create 5 --wait",
    ]);
    expect(over(storageCommands.attach({ storage_id: "s-1", cluster_id: "c-1", wait: false }))).toEqual([
      "storage attach --no-input s-1 c-1",
      "cluster attach c-1 s-1 --no-input",
      "cluster attach c-1 s-1",
      "cluster attach c-1 s-1",
    ]);
  });

  it("says which releases lack something", () => {
    const container = clusterCommands.create({
      instance_type: "1xH100",
      num_nodes: 1,
      container: "a/b",
      deletion_protection: false,
      wait: false,
    });
    expect(() => argvOf("0.0.6", container)).toThrow(/tp 0\.0\.6 knows no containers: update it/);
    expect(argvOf("0.0.7", container)).toContain("--experimental-container a/b");
    expect(argvOf("0.0.9", container)).toContain("--container a/b");
    expect(() => argvOf("0.0.7", bucketCommands.list())).toThrow(/knows no object storage/);
    expect(() => argvOf("0.0.5", jobCommands.remove("j-1"))).toThrow(/knows no deletion of jobs/);
  });
});
