const load = /^\s*(?:module|ml)\s+(?:--?\S+\s+)*(?:load|add|swap|switch)?\s*([^#;&|]+)/;
const otherCommands =
  /^(?:purge|unload|rm|use|unuse|list|avail|spider|show|save|restore|reset|help|whatis|av)\b/;

/** Names of the environment modules a script loads. */
export function moduleLoads(script: string): string[] {
  const names = script.split("\n").flatMap((line) => {
    const words = load.exec(line)?.[1]?.trim() ?? "";
    if (words === "" || otherCommands.test(words)) return [];
    return words.split(/\s+/).filter((word) => /^[A-Za-z0-9][\w.+/@-]*$/.test(word));
  });
  return Array.from(new Set(names)).slice(0, 200);
}
