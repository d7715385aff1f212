import type { Check, Finding } from "./finding.ts";
import { type DockerfileModel, type Stage, type Step, findStage } from "./read-dockerfile.ts";

/** Stages copied from by number, by a name nobody has, before they exist, or not at all. */
export const checkStages: Check = (file) => [
  ...file.stages.flatMap((stage) => sources(stage).flatMap((source) => checkSource(file, stage, source))),
  ...unused(file),
];

interface Source {
  readonly step: Step;
  readonly name: string;
}

function sources(stage: Stage): readonly Source[] {
  return stage.steps.flatMap((step) => sourceNames(step).map((name) => ({ step, name })));
}

function sourceNames({ keyword, flags }: Step): readonly string[] {
  if (keyword === "COPY") return flags.get("from") ?? [];
  return (flags.get("mount") ?? []).flatMap((mount) => /(?:^|,)from=([^,]+)/.exec(mount)?.[1] ?? []);
}

function checkSource({ stages }: DockerfileModel, stage: Stage, { step, name }: Source): Finding[] {
  const found = findStage(stages, name);
  const { line } = step;
  if (found !== undefined && found.index >= stage.index) {
    const message = `Stage ${name} comes at line ${String(found.line)}, after it is copied from.`;
    return [{ line, level: "error", rule: "stage-order", message }];
  }
  if (/^\d+$/.test(name)) {
    return found === undefined
      ? [{ line, level: "error", rule: "stage-unknown", message: `There is no stage ${name}.` }]
      : [
          {
            line,
            level: "info",
            rule: "stage-by-number",
            message: `Stage ${name} is copied from by number: name it with AS, so that another stage before it does no harm.`,
          },
        ];
  }
  if (found !== undefined || /[/:@.$]/.test(name)) return [];
  const known = stages.flatMap(({ name }) => name ?? []);
  const message = `No stage is named ${name}, so it is pulled as an image${known.length === 0 ? "" : `; stages are ${known.join(", ")}`}.`;
  return [{ line, level: "warning", rule: "stage-unknown", message }];
}

function unused({ stages }: DockerfileModel): Finding[] {
  const used = new Set<number>([stages.length - 1]);
  for (const stage of stages) {
    if (stage.parent !== undefined) used.add(stage.parent.index);
    for (const { name } of sources(stage)) {
      const found = findStage(stages, name);
      if (found !== undefined) used.add(found.index);
    }
  }
  return stages
    .filter(({ index }) => !used.has(index))
    .map(({ line, name, index }) => ({
      line,
      level: "info",
      rule: "stage-unused",
      message: `Nothing comes from stage ${name ?? String(index)} into the last one; builders leave it out.`,
    }));
}
