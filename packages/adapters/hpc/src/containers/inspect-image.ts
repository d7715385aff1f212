import { ParleyError } from "@parley/core";
import type { Call } from "../call.ts";
import { execute, programError } from "../execute.ts";
import { isRecord, listAt, numberAt, recordAt, textAt } from "../records.ts";
import { type EngineName, engineVariables } from "./engine.ts";

/** What an engine says of a local image; whatever it leaves out is absent. */
export interface InspectedImage {
  readonly id?: string | undefined;
  readonly digest?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly names: readonly string[];
  readonly digests: readonly string[];
  readonly platform: string;
  readonly created?: string | undefined;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Asks an engine what an image is. @throws `E_OBJECT_UNKNOWN`, `E_ENGINE_OUTPUT` and those of the program */
export async function inspectImage(call: Call, engine: EngineName, uri: string): Promise<InspectedImage> {
  const argv =
    engine === "buildah" ? ["buildah", "inspect", "--type=image", uri] : [engine, "image", "inspect", uri];
  const result = await execute(call, argv, { pass: engineVariables });
  if (!result.ok) throw isMissing(result.stderr) ? noImage(uri) : programError(result);
  const image = first(result.stdout);
  if (image === undefined)
    throw new ParleyError("E_ENGINE_OUTPUT", `${engine} said nothing readable of ${uri}.`);
  return engine === "buildah" ? readBuildah(image) : readImage(image);
}

/** Whether an engine complains that an image is not there. */
export function isMissing(stderr: string): boolean {
  return /no such image|not known|not found/i.test(stderr);
}

export function noImage(uri: string): ParleyError {
  return new ParleyError("E_OBJECT_UNKNOWN", `There is no image ${uri} on this machine.`);
}

/** `sha256:` and the hexadecimal digits. */
export function fullId(id: string | undefined): string | undefined {
  return id === undefined || id === "" ? undefined : `sha256:${id.replace(/^sha256:/, "")}`;
}

/** buildah inspects to one object, the others to a list. */
function first(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const found: unknown = Array.isArray(value) ? value[0] : value;
    return isRecord(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function readImage(image: Readonly<Record<string, unknown>>): InspectedImage {
  const digests = texts(image, "RepoDigests");
  return {
    id: fullId(textAt(image, "Id")),
    digest: textAt(image, "Digest") ?? digests[0]?.replace(/^.*@/, ""),
    sizeBytes: numberAt(image, "Size"),
    names: texts(image, "RepoTags"),
    digests,
    platform: platformOf(textAt(image, "Os"), textAt(image, "Architecture")),
    created: textAt(image, "Created"),
    config: recordAt(image, "Config"),
  };
}

function readBuildah(image: Readonly<Record<string, unknown>>): InspectedImage {
  const name = textAt(image, "FromImage");
  const digest = textAt(image, "FromImageDigest");
  return {
    id: fullId(textAt(image, "FromImageID")),
    digest: digest === "" ? undefined : digest,
    names: name === undefined ? [] : [name],
    digests: name === undefined || digest === undefined ? [] : [`${name.replace(/:[^/]*$/, "")}@${digest}`],
    platform: platformOf(textAt(image, "OCIv1", "os"), textAt(image, "OCIv1", "architecture")),
    created: textAt(image, "OCIv1", "created"),
    config: recordAt(image, "OCIv1", "config"),
  };
}

function platformOf(system: string | undefined, architecture: string | undefined): string {
  return `${system ?? "unknown"}/${architecture ?? "unknown"}`;
}

/** The texts of a list. */
export function texts(value: unknown, ...path: readonly string[]): string[] {
  return listAt(value, ...path).filter((entry): entry is string => typeof entry === "string");
}
