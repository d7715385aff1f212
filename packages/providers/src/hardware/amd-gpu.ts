import type { ProbeStatus, Scope } from "@parley/core";
import { z } from "zod";
import { failureDetail, failureStatus, findExecutable, oneLine, runProgram } from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderCallOptions, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { gpuFacts, groupGpus } from "./_gpu.ts";
import { type AmdGpu, parseRocmSmi } from "./_rocm-smi.ts";

const name = "amd-gpu";

interface AmdReading {
  readonly status: ProbeStatus;
  readonly detail?: string | undefined;
  readonly gpus: readonly AmdGpu[];
  readonly driverVersion?: string | undefined;
}

/** AMD accelerators of this host, through `rocm-smi --json`. */
export function createAmdGpuProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return {
    name,
    category: "hardware",
    scope: hostScope,
    async probe(options) {
      const { status, detail } = await read(context, options);
      return { status, detail };
    },
    async metadata(options) {
      const { gpus, driverVersion } = await read(context, options);
      const models = gpus.flatMap((gpu) => (gpu.model === undefined ? [] : [gpu.model]));
      return { vendor: "amd", count: gpus.length, models, driver_version: driverVersion };
    },
    async facts(_query, options) {
      const { gpus } = await read(context, options);
      if (gpus.length === 0) return {};
      const evidence = createEvidenceRecorder(name, hostScope);
      const place = { scope: hostScope, evidence, tool: "get_full_status", observedAtMs: context.now() };
      return gpuFacts(groupGpus("amd", gpus), place);
    },
    tools: [
      defineProviderTool({
        name: "get_full_status",
        description: "Model, memory in bytes and utilization as a share of 1 of each AMD GPU of this host.",
        input: z.object({}),
        handler: async (_args, options) => read(context, options),
      }),
    ],
  };
}

async function read(context: ProviderContext, options: ProviderCallOptions | undefined): Promise<AmdReading> {
  const program = await findExecutable(context, "rocm-smi");
  if (program === undefined) return { status: "absent", gpus: [] };
  const argv = [
    program,
    "--showproductname",
    "--showmeminfo",
    "vram",
    "--showuse",
    "--showdriverversion",
    "--json",
  ];
  const result = await runProgram(context, argv, options);
  if (!result.ok) return { status: failureStatus(result), detail: failureDetail(result), gpus: [] };
  if (/driver not initialized/i.test(`${result.stdout}\n${result.stderr}`)) {
    return { status: "unreachable", detail: "The amdgpu driver is not loaded.", gpus: [] };
  }
  const parsed = parseRocmSmi(result.stdout);
  if (parsed === undefined) {
    return { status: "failed", detail: `rocm-smi printed no JSON: ${oneLine(result.stdout)}`, gpus: [] };
  }
  return { status: parsed.gpus.length > 0 ? "present" : "empty", ...parsed };
}
