import { isComment } from "./split.ts";

/** A script about to be written. */
export interface ScriptText {
  readonly interpreter: string | undefined;
  /** Whole lines, sentinel included. */
  readonly directives: readonly string[];
  readonly body: string;
}

/** Puts shebang, directives and body together. */
export function composeScript({ interpreter, directives, body }: ScriptText): string {
  const head = [`#!${interpreter ?? "/bin/bash"}`, ...directives].join("\n");
  return body === "" ? `${head}\n` : `${head}\n\n${body}`;
}

/**
 * Makes comments of a body that the target would take for directives of its own into plain comments.
 * @returns the body, and the lines that were changed.
 */
export function disarm(
  body: string,
  rules: { readonly sentinel: RegExp; readonly everywhere: boolean },
): { readonly body: string; readonly changed: readonly string[] } {
  const changed: string[] = [];
  let reading = true;
  const lines = body.split("\n").map((line) => {
    if (!isComment(line)) reading = false;
    if (!(reading || rules.everywhere) || !rules.sentinel.test(line)) return line;
    changed.push(line);
    return `# not read: ${line}`;
  });
  return { body: lines.join("\n"), changed };
}
