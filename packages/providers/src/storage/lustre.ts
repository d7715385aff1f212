import { ParleyError, type Scope } from "@parley/core";
import { z } from "zod";
import { findExecutable, oneLine, requireOk, runProgram } from "../_command.ts";
import type { Provider, ProviderCallOptions, ProviderContext } from "../provider.ts";
import { defineProviderTool } from "../tool.ts";
import { PathArgument, requireMount } from "./_arguments.ts";
import { createMountProvider } from "./_mount-provider.ts";
import type { Mount } from "./_mounts.ts";

const isLustre = (mount: Mount): boolean => mount.type === "lustre";
const path = PathArgument.describe("Absolute path on a Lustre file system, such as /lustre/project");

/** Lustre file systems mounted on this host; quotas and striping through `lfs` where it is installed. */
export function createLustreProvider(
  context: ProviderContext,
  { hostScope }: { readonly hostScope: Scope },
): Provider {
  return createMountProvider(context, {
    name: "lustre",
    hostScope,
    parallel: true,
    own: isLustre,
    kind: () => "lustre",
    evidenceTool: "get_quota_info",
    metadata: async (paths) => ({ mount_point: paths[0]?.path, mounts: paths.map(({ path }) => path) }),
    tools: [
      defineProviderTool({
        name: "get_quota_info",
        description: "Bytes used and allowed for this user on the Lustre file system under a path.",
        input: z.object({ path }),
        handler: async (args, options) => ({
          path: args.path,
          ...parseQuota(await lfs(context, ["quota", "-q", args.path], options)),
        }),
      }),
      defineProviderTool({
        name: "get_stripe_info",
        description: "Stripe count and stripe size in bytes of a directory or file on Lustre.",
        input: z.object({ path }),
        handler: async (args, options) => ({
          path: args.path,
          ...parseStripe(await lfs(context, ["getstripe", "-d", args.path], options)),
        }),
      }),
    ],
  });
}

async function lfs(
  context: ProviderContext,
  args: readonly [...string[], string],
  options: ProviderCallOptions,
): Promise<string> {
  await requireMount(context, args.at(-1) ?? "", { own: isLustre, label: "Lustre" });
  const program = await findExecutable(context, "lfs");
  if (program === undefined)
    throw new ParleyError("E_EXEC_NOT_FOUND", "lfs is not on PATH: install the Lustre client tools.");
  return requireOk(await runProgram(context, [program, ...args], options)).stdout;
}

/** Reads `lfs quota -q`: path, used KiB (`*` when over), soft and hard limit in KiB; a limit of 0 is none. */
export function parseQuota(text: string): Record<string, unknown> {
  const numbers = /\s(\d{1,15})(\*?)\s+(\d{1,15})\s+(\d{1,15})\s/.exec(text.replace(/\n\s+/g, " "));
  if (numbers === null) return { detail: oneLine(text) };
  return {
    usedBytes: Number(numbers[1]) * 1024,
    overQuota: numbers[2] === "*",
    softLimitBytes: limitBytes(numbers[3]),
    hardLimitBytes: limitBytes(numbers[4]),
  };
}

function limitBytes(kibibytes: string | undefined): number | undefined {
  return Number(kibibytes) > 0 ? Number(kibibytes) * 1024 : undefined;
}

/** Reads `lfs getstripe -d`: `stripe_count: 4 stripe_size: 1048576`; a count of -1 means every target. */
export function parseStripe(text: string): Record<string, unknown> {
  const count = /stripe_count:\s+(-?\d{1,6})/.exec(text)?.[1];
  const size = /stripe_size:\s+(\d{1,15})/.exec(text)?.[1];
  if (count === undefined && size === undefined) return { detail: oneLine(text) };
  return {
    stripeCount: count === undefined || count === "-1" ? undefined : Number(count),
    allTargets: count === "-1",
    stripeSizeBytes: size === undefined ? undefined : Number(size),
  };
}
