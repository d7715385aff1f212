import type { Facts, Hardware, JobRequirements } from "@parley/core";
import { plainArch } from "../capacity/match.ts";
import { anyOf } from "../clause.ts";
import type { Finding, Outcome } from "../clause.ts";
import { speaksForNodes } from "../scope.ts";
import { list, plainName } from "../words.ts";

type Read = (hardware: Hardware) => Outcome;

/** Processor and operating system, from readings that speak for the nodes jobs run on. */
export function platformFindings(requirements: JobRequirements, facts: Facts): readonly Finding[] {
  const { arch, cpuFlags, cpuVendor, os } = requirements.platform ?? {};
  const scheduled = facts.workloads.some(({ nodeGroups }) =>
    nodeGroups.some((group) => group.arch !== undefined),
  );
  const findings: Finding[] = [];
  if (arch !== undefined && !scheduled) {
    const read: Read = (item) => matchText(item.arch, (have) => plainArch(have) === plainArch(arch));
    findings.push(finding({ path: "platform.arch", need: `${arch} processors`, show: "arch" }, facts, read));
  }
  if (cpuFlags !== undefined && cpuFlags.length > 0) {
    const need = `processors with ${list(cpuFlags)}`;
    findings.push(
      finding({ path: "platform.cpuFlags", need, show: "cpuModel" }, facts, (item) =>
        matchFlags(item, cpuFlags),
      ),
    );
  }
  if (cpuVendor !== undefined) {
    const read: Read = (item) =>
      matchText(item.cpuVendor ?? item.cpuModel, (have) => contains(have, cpuVendor));
    findings.push(
      finding(
        { path: "platform.cpuVendor", need: `${cpuVendor} processors`, show: "cpuVendor" },
        facts,
        read,
      ),
    );
  }
  if (os !== undefined) {
    const read: Read = (item) => matchText(item.os, (have) => contains(have, os));
    findings.push(finding({ path: "platform.os", need: os, show: "os" }, facts, read));
  }
  return findings;
}

function finding(
  asked: {
    readonly path: string;
    readonly need: string;
    readonly show: "arch" | "cpuModel" | "cpuVendor" | "os";
  },
  facts: Facts,
  read: Read,
): Finding {
  const hardware = facts.hardware.filter(({ scope }) => speaksForNodes(facts, scope));
  const shown = [...new Set(hardware.map((item) => item[asked.show]).filter((item) => item !== undefined))];
  const login = hardware.length === 0 && facts.hardware.length > 0;
  return {
    path: asked.path,
    need: asked.need,
    have: shown.length > 0 ? `has ${list(shown)}` : login ? "only the login node was read" : "not known",
    outcome: hardware.length === 0 ? "unknown" : anyOf(hardware.map(read)),
    evidence: hardware.map(({ evidence }) => evidence),
  };
}

function matchText(have: string | undefined, fits: (have: string) => boolean): Outcome {
  if (have === undefined) return "unknown";
  return fits(have) ? "met" : "unmet";
}

function contains(have: string, want: string): boolean {
  return plainName(have).includes(plainName(want));
}

function matchFlags(item: Hardware, wanted: readonly string[]): Outcome {
  if (item.cpuFlags.length === 0) return "unknown";
  const have = new Set(item.cpuFlags.map((flag) => plainName(flag)));
  return wanted.every((flag) => have.has(plainName(flag))) ? "met" : "unmet";
}
