import type { Hardware, Scope } from "@parley/core";
import { z } from "zod";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { type CpuInfo, parseCpuInfo } from "./_cpuinfo.ts";

const name = "cpu";

interface CpuReading extends CpuInfo {
  readonly arch: string;
  readonly os: string;
}

/** The processors of this host, from `/proc/cpuinfo` or, without it, from the operating system. Always present. */
export function createCpuProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return {
    name,
    category: "hardware",
    scope: hostScope,
    probe: async () => ({ status: "present" }),
    async metadata() {
      const { arch, os, model, vendor, flags, sockets, physicalCores, logicalCores } = await read(context);
      return {
        arch,
        os,
        model,
        vendor,
        sockets,
        physical_cores: physicalCores,
        logical_cores: logicalCores,
        flags,
      };
    },
    async facts() {
      const reading = await read(context);
      const evidence = createEvidenceRecorder(name, hostScope);
      const cores = reading.physicalCores ?? reading.logicalCores;
      const id = evidence.record("get_current_load", {
        observedAtMs: context.now(),
        summary: `${cores} cores, ${reading.arch}, ${reading.model ?? "model unknown"}`,
      });
      const hardware: Hardware = {
        scope: hostScope,
        arch: reading.arch,
        os: reading.os,
        cpuModel: reading.model,
        cpuVendor: reading.vendor,
        cpuFlags: [...reading.flags],
        cores,
        gpus: [],
        evidence: id,
      };
      return { hardware: [hardware], evidence: [...evidence.items] };
    },
    tools: [loadTool(context), instructionTool(context)],
  };
}

function loadTool(context: ProviderContext): ProviderTool {
  return defineProviderTool({
    name: "get_current_load",
    description:
      "Load of this host: run-queue averages over 1, 5 and 15 minutes and the share of cores they keep busy.",
    input: z.object({}),
    async handler() {
      const { logicalCores, physicalCores } = await read(context);
      const loadAverage = await readLoad(context);
      return { logicalCores, physicalCores, loadAverage, loadPerCore: (loadAverage[0] ?? 0) / logicalCores };
    },
  });
}

function instructionTool(context: ProviderContext): ProviderTool {
  return defineProviderTool({
    name: "check_instruction_support",
    description: "Whether the processors of this host have an instruction-set feature.",
    input: z.object({
      feature: z
        .string()
        .min(1)
        .max(64)
        .describe("Flag as the kernel spells it, such as avx512f, sve or altivec"),
    }),
    async handler({ feature }) {
      const { flags } = await read(context);
      const wanted = feature.toLowerCase();
      return { feature, supported: flags.some((flag) => flag.toLowerCase() === wanted) };
    },
  });
}

async function read(context: ProviderContext): Promise<CpuReading> {
  const machine = context.machine();
  const info = parseCpuInfo((await context.readText("/proc/cpuinfo")) ?? "");
  const release = (await context.readText("/etc/os-release")) ?? "";
  const arch = machine.arch === "arm64" ? "aarch64" : machine.arch;
  return {
    ...info,
    arch,
    model: info.model ?? machine.cpuModel,
    logicalCores: info.logicalCores > 0 ? info.logicalCores : machine.logicalCores,
    os: [machine.platform, releaseField(release, "ID"), releaseField(release, "VERSION_ID")]
      .filter((part) => part !== undefined)
      .join(" "),
  };
}

function releaseField(text: string, field: string): string | undefined {
  const value = new RegExp(`^${field}=["']?([A-Za-z0-9._-]+)`, "m").exec(text)?.[1];
  return value?.toLowerCase();
}

async function readLoad(context: ProviderContext): Promise<readonly number[]> {
  const text = await context.readText("/proc/loadavg");
  const values = (text ?? "").split(/\s+/).slice(0, 3).map(Number);
  const complete =
    text !== undefined && values.length === 3 && values.every((value) => Number.isFinite(value));
  return complete ? values : context.machine().loadAverage;
}
