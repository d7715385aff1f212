import { z } from "zod";
import { findExecutable, oneLine, requireOk, runProgram } from "../_command.ts";
import { parseJson } from "../_json.ts";
import type { ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";

/** A local image as `docker images` and `podman images` list it. */
export interface ContainerImage {
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly id: string;
  /** As the runtime prints it; it rounds, so no bytes are claimed. */
  readonly size?: string | undefined;
}

const Line = z.object({
  Repository: z.string().optional(),
  repository: z.string().optional(),
  Tag: z.string().optional(),
  tag: z.string().optional(),
  ID: z.string().optional(),
  Id: z.string().optional(),
  Size: z.union([z.string(), z.number()]).optional(),
});

const reference = /^[a-z0-9][a-z0-9._/:@-]*$/i;
const maxImages = 200;

/** The variables by which docker and podman find their service and storage. */
export const engineVariables = [
  "DOCKER_*",
  "CONTAINER_*",
  "CONTAINERS_*",
  "XDG_RUNTIME_DIR",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
];

/** The `list_images` tool of docker and podman. */
export function imagesTool(context: ProviderContext, runtime: string): ProviderTool {
  return defineProviderTool({
    name: "list_images",
    description: `Images in the local storage of ${runtime} on this host, at most ${maxImages}.`,
    input: z.object({
      filter: z
        .string()
        .max(256)
        .refine((text) => text === "" || reference.test(text), "must be an image reference")
        .default("")
        .describe("Image reference to list, such as docker.io/library/debian; empty lists all"),
    }),
    async handler({ filter }, options) {
      const program = await findExecutable(context, runtime);
      if (program === undefined) return { images: [], truncated: false };
      const argv = [program, "images", "--format", "{{json .}}", ...(filter === "" ? [] : ["--", filter])];
      const result = requireOk(await runProgram(context, argv, { ...options, pass: engineVariables }));
      const images = parseImages(result.stdout);
      return { images: images.slice(0, maxImages), truncated: images.length > maxImages };
    },
  });
}

/** Reads one JSON object per line; lines of another shape are passed over. */
export function parseImages(text: string): readonly ContainerImage[] {
  return text.split("\n").flatMap((line) => {
    const parsed = Line.safeParse(parseJson(line));
    if (!parsed.success) return [];
    const { Repository, repository = Repository, Tag, tag = Tag, Id, ID: id = Id, Size } = parsed.data;
    if (id === undefined) return [];
    const size = Size === undefined ? undefined : oneLine(String(Size));
    return [{ repository: oneLine(repository ?? "<none>"), tag: tag && oneLine(tag), id: oneLine(id), size }];
  });
}
