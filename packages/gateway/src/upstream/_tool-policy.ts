import { globPattern } from "@parley/core";
import type { Tool } from "@parley/tool-registry";
import type { ToolPolicy } from "../config/gateway-config.ts";
import { originalName } from "./catalogue.ts";

type Warn = (message: string) => void;

/** Leaves out and renames a server's tools as its entry says. Later ones of a name that is taken are left out. */
export function applyToolPolicy(tools: readonly Tool[], policy: ToolPolicy, warn: Warn): readonly Tool[] {
  const allow = policy.allow.map(globPattern);
  const deny = policy.deny.map(globPattern);
  const taken = new Set<string>();
  return tools.flatMap((tool) => {
    const original = originalName(tool);
    const change = Object.hasOwn(policy.changes, original) ? policy.changes[original] : undefined;
    const isWanted =
      change?.enabled ??
      ((allow.length === 0 || allow.some((glob) => glob.test(original))) &&
        !deny.some((glob) => glob.test(original)));
    if (!isWanted) return [];
    const { name = tool.name, description = tool.description } = change ?? {};
    if (taken.has(name)) {
      warn(`The tool ${JSON.stringify(original)} is left out: another is called ${JSON.stringify(name)}.`);
      return [];
    }
    taken.add(name);
    return [{ ...tool, name, description }];
  });
}
