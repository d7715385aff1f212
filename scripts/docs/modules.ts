import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Everything exported by the modules of the apps whose file name contains a word, in order of path. */
export async function appExports(
  root: string,
  word: string,
): Promise<readonly (readonly [string, unknown])[]> {
  const apps = readdirSync(join(root, "apps")).toSorted();
  const paths = apps.flatMap((app) => {
    const source = join(root, "apps", app, "src");
    const names = readdirSync(source, { recursive: true, encoding: "utf8" }).toSorted();
    return names
      .filter((name) => name.endsWith(".ts") && name.includes(word))
      .map((name) => join(source, name));
  });
  const modules = await Promise.all(paths.map((path) => import(pathToFileURL(path).href)));
  return modules.flatMap((module: Record<string, unknown>) => Object.entries(module));
}
