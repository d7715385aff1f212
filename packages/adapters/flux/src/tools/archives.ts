import { z } from "zod";
import { Confirm, Uri } from "../arguments.ts";
import { commandFailed, commandOutput, fluxCommand, sayCommand } from "../commands.ts";
import { operation } from "../operation.ts";

const ArchiveName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, "is a word of letters, digits, dots, dashes and underscores")
  .default("main")
  .describe("Name of the archive, for example: main");

const FilePath = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0\r\n]*$/, "holds a NUL or a line break");

/** Puts files into the instance's store, for its jobs to extract on every node. */
export const createArchive = operation({
  name: "flux_archive_create",
  description:
    "Puts files of this machine into an archive of the Flux instance, which jobs extract on their nodes. overwrite replaces an archive, and needs confirm: true.",
  toolset: "admin",
  effect: "destroy",
  input: z.strictObject({
    paths: z.array(FilePath).min(1).max(1000).describe('Files and folders, for example: ["input"]'),
    archive_name: ArchiveName,
    directory: FilePath.optional().describe("Folder the paths are relative to, for example: /scratch/me"),
    preserve: z
      .boolean()
      .default(false)
      .describe("Keeps it over a restart of the instance, for example: true"),
    overwrite: z.boolean().default(false).describe("Replaces an archive of that name, for example: false"),
    uri: Uri,
    confirm: Confirm,
  }),
  output: commandOutput,
  destroys: ({ overwrite, archive_name }) =>
    overwrite ? `would replace the archive ${archive_name}, if there is one.` : undefined,
  run: ({ paths, archive_name, directory, preserve, overwrite, uri }, call) =>
    fluxCommand(
      call,
      [
        "archive",
        "create",
        `--name=${archive_name}`,
        ...(directory === undefined ? [] : [`--directory=${directory}`]),
        ...(preserve ? ["--preserve"] : []),
        ...(overwrite ? ["--overwrite"] : []),
        "--",
        ...paths,
      ],
      { uri, timeoutMs: 120_000 },
    ),
  failed: commandFailed,
  say: sayCommand,
});

/** Forgets an archive. */
export const removeArchive = operation({
  name: "flux_archive_remove",
  description: "Removes an archive of the Flux instance; needs confirm: true.",
  toolset: "admin",
  effect: "destroy",
  input: z.strictObject({ archive_name: ArchiveName, uri: Uri, confirm: Confirm }),
  output: commandOutput,
  destroys: ({ archive_name }) => `would remove the archive ${archive_name}.`,
  run: ({ archive_name, uri }, call) =>
    fluxCommand(call, ["archive", "remove", `--name=${archive_name}`], { uri }),
  failed: commandFailed,
  say: sayCommand,
});

/** Lists the files of an archive. */
export const listArchive = operation({
  name: "flux_archive_list",
  description: "Lists the files of an archive of the Flux instance.",
  toolset: "admin",
  effect: "read",
  input: z.strictObject({ archive_name: ArchiveName, uri: Uri }),
  output: commandOutput,
  run: ({ archive_name, uri }, call) =>
    fluxCommand(call, ["archive", "list", `--name=${archive_name}`], { uri }),
  failed: commandFailed,
  say: sayCommand,
});
