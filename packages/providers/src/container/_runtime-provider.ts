import type { ContainerRuntime, ProbeStatus, Scope } from "@parley/core";
import { findExecutable } from "../_command.ts";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderCallOptions, ProviderContext, ProviderTool } from "../provider.ts";

/** What a container runtime says about itself. */
export interface RuntimeReading {
  readonly status: ProbeStatus;
  readonly detail?: string | undefined;
  readonly version?: string | undefined;
}

/** A call into a runtime whose program was found. */
export interface RuntimeCall {
  readonly context: ProviderContext;
  readonly program: string;
  readonly options?: ProviderCallOptions | undefined;
}

interface RuntimeProviderOptions {
  readonly name: string;
  readonly hostScope: Scope;
  readonly program: string;
  readonly read: (call: RuntimeCall) => Promise<RuntimeReading>;
  /** Whether an ordinary user may run containers; `undefined` when that is not known. */
  readonly rootless?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Tool that the evidence names. */
  readonly evidenceTool: string;
  readonly tools: readonly ProviderTool[];
}

/** A provider for one container runtime; without its program nothing is spawned. */
export function createRuntimeProvider(context: ProviderContext, settings: RuntimeProviderOptions): Provider {
  const { name, hostScope, rootless, evidenceTool, tools } = settings;
  async function read(options?: ProviderCallOptions): Promise<RuntimeReading & { readonly path?: string }> {
    const program = await findExecutable(context, settings.program);
    if (program === undefined) return { status: "absent" };
    return { ...(await settings.read({ context, program, options })), path: program };
  }
  return {
    name,
    category: "container",
    scope: hostScope,
    async probe(options) {
      const { status, detail } = await read(options);
      return { status, detail };
    },
    async metadata(options) {
      const { version, path } = await read(options);
      return { runtime: name, version, path, rootless, ...settings.metadata };
    },
    async facts(_query, options) {
      const { status, version } = await read(options);
      if (status !== "present") return {};
      const evidence = createEvidenceRecorder(name, hostScope);
      const summary = `${name} ${version ?? "of unknown version"}`;
      const id = evidence.record(evidenceTool, { observedAtMs: context.now(), summary });
      const runtime: ContainerRuntime = { runtime: name, version, rootless, scope: hostScope, evidence: id };
      return { containers: [runtime], evidence: [...evidence.items] };
    },
    tools,
  };
}
