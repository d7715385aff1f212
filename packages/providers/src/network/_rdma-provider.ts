import type { Fabric, Scope } from "@parley/core";
import { z } from "zod";
import { createEvidenceRecorder } from "../evidence.ts";
import type { Provider, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { type RdmaPort, readRdmaPorts } from "./_ports.ts";

interface RdmaProviderOptions {
  readonly name: string;
  readonly hostScope: Scope;
  readonly tool: string;
  readonly description: string;
  readonly admit: (device: string) => boolean;
  readonly metadata: (devices: readonly string[]) => Record<string, unknown>;
}

/** A provider for a family of RDMA devices; only ports in state ACTIVE make a fabric. */
export function createRdmaProvider(context: ProviderContext, options: RdmaProviderOptions): Provider {
  const { name, hostScope, tool, description, admit } = options;
  const ports = async (): Promise<readonly RdmaPort[]> => readRdmaPorts(context, admit);
  return {
    name,
    category: "network",
    scope: hostScope,
    async probe() {
      const found = await ports();
      if (found.length === 0) return { status: "absent" };
      if (found.some((port) => port.active)) return { status: "present" };
      return { status: "unreachable", detail: `No port is active: ${found.map(describePort).join(", ")}.` };
    },
    async metadata() {
      return options.metadata([...new Set((await ports()).map((port) => port.device))]);
    },
    async facts() {
      const active = (await ports()).filter((port) => port.active);
      if (active.length === 0) return {};
      const evidence = createEvidenceRecorder(name, hostScope);
      const summary = active.map(describePort).join(", ");
      const id = evidence.record(tool, { observedAtMs: context.now(), summary });
      return { fabrics: toFabrics(active, hostScope, id), evidence: [...evidence.items] };
    },
    tools: [
      defineProviderTool({
        name: tool,
        description,
        input: z.object({}),
        handler: async () => ({ ports: await ports() }),
      }),
    ],
  };
}

function describePort({ device, port, state, rate }: RdmaPort): string {
  return `${device}/${port} ${state ?? "state unknown"}${rate === undefined ? "" : ` ${rate}`}`;
}

function toFabrics(ports: readonly RdmaPort[], scope: Scope, evidence: string): Fabric[] {
  return [...new Set(ports.map((port) => port.kind))].map((kind) => {
    const alike = ports.filter((port) => port.kind === kind);
    const rates = alike.flatMap((port) => (port.bitsPerSecond === undefined ? [] : [port.bitsPerSecond]));
    return {
      kind,
      bitsPerSecond: rates.length > 0 ? Math.max(...rates) : undefined,
      rdma: true,
      devices: [...new Set(alike.map((port) => port.device))],
      scope,
      evidence,
    };
  });
}
