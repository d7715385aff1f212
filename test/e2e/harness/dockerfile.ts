import { DockerfileParser } from "dockerfile-ast";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** One line of a Dockerfile, continuations joined. */
interface Instruction {
  readonly keyword: string;
  readonly text: string;
}

/** A Dockerfile as lists of instructions, one for each stage. */
export interface Dockerfile {
  readonly text: string;
  readonly stages: readonly (readonly Instruction[])[];
}

export async function readDockerfile(path: string): Promise<Dockerfile> {
  const text = await readFile(`${repository}${path}`, "utf8");
  const stages: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === "FROM") stages.push([]);
    stages.at(-1)?.push({ keyword, text: instruction.getArgumentsContent() ?? "" });
  }
  return { text, stages };
}

/** The last instruction of this kind along the stages that `name` is built from, `name` itself first. */
export function effective({ stages }: Dockerfile, name: string, keyword: string): string | undefined {
  const stage = stages.find(([from]) => new RegExp(` AS ${name}$`, "i").test(from?.text ?? ""));
  const own = stage?.findLast((instruction) => instruction.keyword === keyword);
  if (own !== undefined) return own.text;
  const parent = stage?.[0]?.text.split(" ")[0];
  return parent === undefined ? undefined : effective({ text: "", stages }, parent, keyword);
}

/** The words of an instruction in exec form. */
export function words(text: string | undefined): string[] {
  const parsed: unknown = JSON.parse(text ?? "null");
  if (!Array.isArray(parsed)) throw new Error(`Not in exec form: ${text}`);
  return parsed.map(String);
}

/** `ENV` as the container has it. */
export function environment(text: string | undefined): Record<string, string> {
  const flat = (text ?? "").replaceAll(/\\\n\s*/g, " ");
  return Object.fromEntries(
    Array.from(flat.matchAll(/(\w+)=(\S+)/g), ([, name = "", value = ""]) => [name, value]),
  );
}
