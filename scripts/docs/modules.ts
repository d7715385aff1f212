import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Everything exported by the modules of the apps and adapters whose file name contains a word, in order of path. */
export async function programExports(
  root: string,
  word: string,
): Promise<readonly (readonly [string, unknown])[]> {
  const members = ["apps", "packages/adapters"].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(group, name))
      .toSorted(),
  );
  const paths = members.flatMap((member) => {
    const source = join(root, member, "src");
    const names = readdirSync(source, { recursive: true, encoding: "utf8" }).toSorted();
    return names
      .filter((name) => name.endsWith(".ts") && name.includes(word))
      .map((name) => join(source, name));
  });
  const modules = await Promise.all(paths.map((path) => import(pathToFileURL(path).href)));
  return modules.flatMap((module: Record<string, unknown>) => Object.entries(module));
}
