import { ParleyError } from "@parley/core";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a build reads. */
export interface ScratchContents {
  readonly dockerfile: string;
  /** Text files of the build context, by relative path. */
  readonly files: Readonly<Record<string, string>>;
  /** Values of secrets by id; each becomes a file only its owner can read, outside the context. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A folder of a build's own; nothing but what it was given is in it. */
export interface Scratch {
  readonly dockerfile: string;
  readonly context: string;
  readonly imageIdFile: string;
  secretFile(id: string): string;
}

const maxFiles = 100;
const maxCharacters = 2 * 2 ** 20;

/** Uses a folder with a Dockerfile, and removes it however that ends. @throws `E_ARGUMENT_INVALID` for unsafe paths */
export async function withScratch<T>(
  contents: ScratchContents,
  use: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  checkFiles(contents.files);
  const folder = await mkdtemp(join(tmpdir(), "parley-build-"));
  try {
    const context = join(folder, "context");
    const secrets = join(folder, "secrets");
    await mkdir(context);
    await mkdir(secrets, { mode: 0o700 });
    const dockerfile = join(folder, "Dockerfile");
    await writeFile(dockerfile, contents.dockerfile);
    for (const [path, text] of Object.entries(contents.files)) {
      const file = join(context, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const secretFile = (id: string): string => join(secrets, id);
    for (const [id, value] of Object.entries(contents.secrets)) {
      await writeFile(secretFile(id), value, { mode: 0o600 });
    }
    return await use({ dockerfile, context, secretFile, imageIdFile: join(folder, "image-id") });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkFiles(files: Readonly<Record<string, string>>): void {
  const paths = Object.keys(files);
  const bad = paths.find((path) => !isInside(path));
  if (bad !== undefined) {
    const message = `${JSON.stringify(bad.slice(0, 100))} is no path of a file inside the build context.`;
    throw new ParleyError("E_ARGUMENT_INVALID", message);
  }
  const clash = paths.find((path) => paths.some((other) => other.startsWith(`${path}/`)));
  if (clash !== undefined) throw new ParleyError("E_ARGUMENT_INVALID", `${clash} is a file and a folder.`);
  const size = Object.values(files).reduce((sum, text) => sum + text.length, 0);
  if (paths.length > maxFiles || size > maxCharacters) {
    throw new ParleyError("E_ARGUMENT_INVALID", "files takes 100 files and 2 Mi characters together.");
  }
}

function isInside(path: string): boolean {
  if (path.length > 512 || !/^[^\p{Cc}\\]+$/u.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
