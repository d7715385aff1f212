import type { ProbeStatus, Scope } from "@parley/core";
import type { RunResult } from "@parley/exec";
import { z } from "zod";
import { failureDetail, failureStatus, findExecutable, requireOk, runProgram } from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderCallOptions, ProviderContext, ProviderTool } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { type GpuDevice, gpuFacts, groupGpus } from "./_gpu.ts";
import { type NvidiaGpu, nvidiaFields, parseMigSlices, parseNvidiaCsv } from "./_nvidia-smi.ts";

const name = "nvidia-gpu";

interface NvidiaReading {
  readonly status: ProbeStatus;
  readonly detail?: string | undefined;
  readonly gpus: readonly NvidiaGpu[];
}

/**
 * NVIDIA accelerators of this host, through `nvidia-smi`. A device in MIG mode counts as its slices. A driver that
 * cannot be reached is `unreachable`, a driver without devices `empty`.
 */
export function createNvidiaGpuProvider(
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
      const { gpus } = await read(context, options);
      return {
        vendor: "nvidia",
        count: gpus.length,
        models: gpus.flatMap((gpu) => (gpu.model === undefined ? [] : [gpu.model])),
        driver_version: gpus[0]?.driverVersion,
        mig: gpus.some((gpu) => gpu.migEnabled),
      };
    },
    async facts(_query, options) {
      const { gpus } = await read(context, options);
      if (gpus.length === 0) return {};
      const devices = await usableDevices(context, gpus, options);
      const evidence = createEvidenceRecorder(name, hostScope);
      const place = { scope: hostScope, evidence, tool: "get_memory_info", observedAtMs: context.now() };
      return gpuFacts(groupGpus("nvidia", devices), place);
    },
    tools: [utilizationTool(context), memoryTool(context)],
  };
}

function utilizationTool(context: ProviderContext): ProviderTool {
  return defineProviderTool({
    name: "get_utilization",
    description: "How busy each NVIDIA GPU of this host is, as a share of 1.",
    input: z.object({}),
    async handler(_args, options) {
      const { status, detail, gpus } = await read(context, options);
      return {
        status,
        detail,
        gpus: gpus.map(({ index, model, utilizationShare }) => ({ index, model, utilizationShare })),
      };
    },
  });
}

function memoryTool(context: ProviderContext): ProviderTool {
  return defineProviderTool({
    name: "get_memory_info",
    description: "Total, used and free memory of each NVIDIA GPU of this host, in bytes.",
    input: z.object({}),
    async handler(_args, options) {
      const { status, detail, gpus } = await read(context, options);
      return {
        status,
        detail,
        gpus: gpus.map(({ index, model, memoryBytes, usedMemoryBytes, freeMemoryBytes, migEnabled }) => ({
          index,
          model,
          memoryBytes,
          usedMemoryBytes,
          freeMemoryBytes,
          migEnabled,
        })),
      };
    },
  });
}

async function usableDevices(
  context: ProviderContext,
  gpus: readonly NvidiaGpu[],
  options: ProviderCallOptions | undefined,
): Promise<readonly GpuDevice[]> {
  const program = await findExecutable(context, "nvidia-smi");
  if (program === undefined || !gpus.some((gpu) => gpu.migEnabled)) return gpus;
  const listing = requireOk(await runProgram(context, [program, "-L"], options));
  const sliced = new Set(gpus.filter((gpu) => gpu.migEnabled).map((gpu) => gpu.index));
  const slices = parseMigSlices(listing.stdout).filter((slice) => sliced.has(slice.index));
  return [...gpus.filter((gpu) => !gpu.migEnabled), ...slices];
}

async function read(
  context: ProviderContext,
  options: ProviderCallOptions | undefined,
): Promise<NvidiaReading> {
  const program = await findExecutable(context, "nvidia-smi");
  if (program === undefined) return { status: "absent", gpus: [] };
  const argv = [program, `--query-gpu=${nvidiaFields}`, "--format=csv,noheader,nounits"];
  const result = await runProgram(context, argv, options);
  if (saysNoDevices(result)) return { status: "empty", detail: "The driver reports no devices.", gpus: [] };
  if (!result.ok) return { status: failureStatus(result), detail: failureDetail(result), gpus: [] };
  const gpus = parseNvidiaCsv(result.stdout);
  return gpus.length > 0
    ? { status: "present", gpus }
    : { status: "failed", detail: "nvidia-smi printed nothing that reads as a GPU.", gpus };
}

function saysNoDevices(result: RunResult): boolean {
  return /no devices were found/i.test(`${result.stdout}\n${result.stderr}`);
}
