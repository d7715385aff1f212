import type { ProbeStatus, Scope } from "@parley/core";
import { z } from "zod";
import {
  failureDetail,
  failureStatus,
  findExecutable,
  findFirstExecutable,
  runProgram,
} from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderCallOptions, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";

/** What an MPI library's own information program says. */
export interface MpiReading {
  readonly version?: string | undefined;
  /** Further findings for the tool's answer and the manifest. */
  readonly details: Readonly<Record<string, unknown>>;
}

interface MpiProviderOptions {
  readonly name: string;
  readonly hostScope: Scope;
  /** Information program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly launchers: readonly string[];
  /** `undefined` when the output is not that of this library. */
  readonly parse: (stdout: string) => MpiReading | undefined;
  readonly tool: string;
  readonly description: string;
}

type Reading = { readonly status: ProbeStatus; readonly detail?: string | undefined } & Partial<MpiReading>;

/** A provider for one MPI library on PATH; libraries behind modules are the modules provider's to find. */
export function createMpiProvider(context: ProviderContext, settings: MpiProviderOptions): Provider {
  const { name, hostScope, tool, description } = settings;
  const read = async (options?: ProviderCallOptions): Promise<Reading> => readMpi(context, settings, options);
  const launcher = async (): Promise<string | undefined> => findFirstExecutable(context, settings.launchers);
  return {
    name,
    category: "parallel",
    scope: hostScope,
    async probe(options) {
      const { status, detail } = await read(options);
      return { status, detail };
    },
    async metadata(options) {
      const { version, details } = await read(options);
      return { version, launcher: await launcher(), ...details };
    },
    async facts(_query, options) {
      const { status, version } = await read(options);
      if (status !== "present") return {};
      const evidence = createEvidenceRecorder(name, hostScope);
      const summary = `${name} ${version ?? "of unknown version"}`;
      const id = evidence.record(tool, { observedAtMs: context.now(), summary });
      return { mpi: [{ impl: name, version, evidence: id }], evidence: [...evidence.items] };
    },
    tools: [
      defineProviderTool({
        name: tool,
        description,
        input: z.object({}),
        async handler(_args, options) {
          const { status, detail, version, details } = await read(options);
          return { status, detail, version, launcher: await launcher(), ...details };
        },
      }),
    ],
  };
}

async function readMpi(
  context: ProviderContext,
  { name, command, parse }: MpiProviderOptions,
  options: ProviderCallOptions | undefined,
): Promise<Reading> {
  const [program, ...args] = command;
  const path = await findExecutable(context, program);
  if (path === undefined) return { status: "absent" };
  const result = await runProgram(context, [path, ...args], options);
  if (!result.ok) return { status: failureStatus(result), detail: failureDetail(result) };
  const reading = parse(result.stdout);
  if (reading !== undefined) return { status: "present", ...reading };
  return { status: "failed", detail: `${program} printed nothing that reads as ${name}.` };
}
