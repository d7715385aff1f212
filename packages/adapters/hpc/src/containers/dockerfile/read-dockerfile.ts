import { DockerfileParser, From } from "dockerfile-ast";
import type { Dockerfile, Instruction } from "dockerfile-ast";

/** One instruction of a stage. */
export interface Step {
  readonly keyword: string;
  /** 1 for the first line of the file. */
  readonly line: number;
  /** The arguments without flags and line breaks; here documents stand as they are. */
  readonly text: string;
  /** Flags with their values, by name; a flag may be given several times. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly instruction: Instruction;
}

/** What stands between two FROM instructions. */
export interface Stage {
  readonly index: number;
  readonly name?: string | undefined;
  readonly line: number;
  /** The base image, with the defaults of ARG in place of variables. */
  readonly image: string;
  /** The earlier stage it builds on, when its base is one. */
  readonly parent?: Stage | undefined;
  /** The image at the root of its stages, `scratch` included. */
  readonly root: string;
  readonly steps: readonly Step[];
}

/** A Dockerfile as its checks read it. */
export interface DockerfileModel {
  readonly stages: readonly Stage[];
  /** ARG instructions before the first FROM. */
  readonly globals: readonly Step[];
}

/** Reads a Dockerfile. It never throws: what makes no sense is left out, and the syntax check complains of it. */
export function readDockerfile(text: string): DockerfileModel {
  const parsed = DockerfileParser.parse(text);
  const resolve = (image: string, line: number): string =>
    image.replace(
      /\$\{?(\w+)(?::?[-+][^}]*)?\}?/g,
      (whole, name: string) => valueOf(parsed, name, line) ?? whole,
    );
  const stages: { -readonly [Key in keyof Stage]: Stage[Key] }[] = [];
  const steps: Step[][] = [];
  const globals: Step[] = [];
  for (const instruction of parsed.getInstructions()) {
    if (instruction instanceof From) {
      const own: Step[] = [];
      steps.push(own);
      stages.push(readStage(instruction, { stages, steps: own, resolve }));
    } else (steps.at(-1) ?? globals).push(readStep(instruction));
  }
  return { stages, globals };
}

function valueOf(parsed: Dockerfile, name: string, line: number): string | undefined {
  try {
    return parsed.resolveVariable(name, line) ?? undefined;
  } catch {
    // Variables that are defined by one another are resolved without end.
    return undefined;
  }
}

function readStage(
  from: From,
  {
    stages,
    steps,
    resolve,
  }: {
    readonly stages: readonly Stage[];
    readonly steps: readonly Step[];
    readonly resolve: (image: string, line: number) => string;
  },
): Stage {
  const line = from.getRange().start.line;
  const image = resolve(from.getImage() ?? "", line);
  const parent = findStage(stages, image);
  const name = from.getBuildStage() ?? undefined;
  return {
    index: stages.length,
    ...(name === undefined ? {} : { name }),
    line: line + 1,
    image,
    ...(parent === undefined ? {} : { parent }),
    root: parent?.root ?? image,
    steps,
  };
}

/** The stage a name or number means. */
export function findStage(stages: readonly Stage[], reference: string): Stage | undefined {
  const wanted = reference.toLowerCase();
  return stages.find(({ name, index }) => name?.toLowerCase() === wanted || String(index) === reference);
}

function readStep(instruction: Instruction): Step {
  const flags = new Map<string, string[]>();
  if ("getFlags" in instruction && typeof instruction.getFlags === "function") {
    const given: unknown = instruction.getFlags();
    for (const flag of Array.isArray(given) ? given : []) {
      const [, name = "", value = ""] = /^--([\w-]+)=?([\s\S]*)$/.exec(String(flag)) ?? [];
      flags.set(name, [...(flags.get(name) ?? []), value]);
    }
  }
  return {
    keyword: instruction.getKeyword(),
    line: instruction.getRange().start.line + 1,
    text: instruction.getArgumentsContent() ?? "",
    flags,
    instruction,
  };
}

/** The stage and those it builds on, outermost first. */
export function lineage(stage: Stage): readonly Stage[] {
  return stage.parent === undefined ? [stage] : [...lineage(stage.parent), stage];
}
