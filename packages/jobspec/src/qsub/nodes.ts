import type { Draft } from "../draft.ts";

interface Part {
  readonly count: number;
  readonly host: string | undefined;
  readonly ppn: number;
  readonly gpus: number;
  readonly features: readonly string[];
}

function readPart(text: string): Part {
  const [first = "1", ...properties] = text.split(":");
  const numeric = /^\d+$/.test(first);
  const value = (name: string): number | undefined => {
    const found = properties.find((each) => new RegExp(`^${name}=\\d+$`).test(each));
    return found === undefined ? undefined : Number(found.split("=")[1]);
  };
  return {
    count: numeric ? Number(first) : 1,
    host: numeric ? undefined : first,
    ppn: value("ppn") ?? 1,
    gpus: value("gpus") ?? 0,
    features: properties.filter((each) => !/^(?:ppn|gpus)=\d+$/.test(each)),
  };
}

/** Reads `nodes=2:ppn=8:gpus=1:fast` and `nodes=a:ppn=2+b:ppn=2`. `ppn` counts cores, read as tasks of one core. */
export function readNodes(text: string, draft: Draft): void {
  const parts = text.split("+").map(readPart);
  const sum = (of: (part: Part) => number): number =>
    parts.reduce((total, part) => total + part.count * of(part), 0);
  draft.set(
    "nodes",
    sum(() => 1),
  );
  draft.set(
    "tasks",
    sum(({ ppn }) => ppn),
  );
  const [first] = parts;
  if (first !== undefined && parts.some(({ gpus }) => gpus !== first.gpus)) {
    draft.lose({
      why: "approximated",
      field: "gpusPerNode",
      note: "Nodes differ in GPUs: the first one's is carried.",
    });
  }
  if (first !== undefined && first.gpus > 0) draft.set("gpusPerNode", first.gpus);
  const hosts = parts.flatMap(({ host }) => host ?? []);
  if (hosts.length > 0) draft.set("nodelist", hosts);
  const features = Array.from(new Set(parts.flatMap((part) => part.features)));
  const modes = features.filter((each) => /^(?:shared|exclusive|default|reseterr|exclusive_\w+)$/.test(each));
  if (modes.length > 0) {
    draft.lose({ why: "no counterpart", note: `The GPU mode ${modes.join(", ")} is not carried.` });
  }
  const wanted = features.filter((each) => !modes.includes(each));
  if (wanted.length > 0) draft.set("constraints", wanted);
}
