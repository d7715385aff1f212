import { createHash } from "node:crypto";
import { listPrompt, listTool } from "@parley/tool-registry";
import type { Prompt, Tool } from "@parley/tool-registry";
import canonicalize from "canonicalize";
import { originalName } from "../upstream/catalogue.ts";

/** What one server says of itself, before the gateway leaves out or renames anything. */
export interface Offered {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly instructions?: string | undefined;
}

/** One thing a server offers, in the words a model is given. */
export interface Definition {
  readonly kind: "tool" | "prompt" | "instructions";
  /** The server's own name for it. */
  readonly name: string;
  /** As JSON. */
  readonly value: unknown;
}

export const nothingOffered: Offered = { tools: [], prompts: [] };

/** Every definition of a server: tools, prompts, and its instructions where it has some. */
export function definitionsOf({ tools, prompts, instructions }: Offered): readonly Definition[] {
  return [
    ...tools.map((tool): Definition => {
      // Pictures and private notes are no words for a model.
      const { icons: _icons, _meta, ...value } = listTool(tool);
      const name = originalName(tool);
      return { kind: "tool", name, value: { ...value, name } };
    }),
    ...prompts.map((prompt): Definition => {
      const { icons: _icons, ...value } = listPrompt(prompt);
      return { kind: "prompt", name: prompt.name, value };
    }),
    ...(instructions === undefined
      ? []
      : [{ kind: "instructions", name: "instructions", value: instructions } as const]),
  ];
}

/** How a definition is told apart from the others of its server. */
export function itemOf({ kind, name }: Pick<Definition, "kind" | "name">): string {
  return kind === "instructions" ? kind : `${kind} ${name}`;
}

/** SHA-256 over the canonical JSON (RFC 8785) of a definition, as `sha256-` and hex. */
export function fingerprint(value: unknown): string {
  return `sha256-${createHash("sha256")
    .update(canonicalize(value) ?? "null")
    .digest("hex")}`;
}
