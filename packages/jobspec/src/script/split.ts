/** The text of one directive, without its sentinel. */
export interface DirectiveLine {
  /** First line it is on, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Where a scheduler looks for directives in a script. */
export interface DirectiveRules {
  /** Matches the sentinel at the start of a line; what follows is the directive. */
  readonly sentinel: RegExp;
  /** `before the first command` (default), `block` directly under the shebang, or in `every line`. */
  readonly place?: "before the first command" | "block" | "every line" | undefined;
  /** A backslash at the end joins the next directive line. */
  readonly continues?: boolean | undefined;
}

/** A script taken apart. */
export interface ScriptParts {
  readonly interpreter: string | undefined;
  readonly directives: readonly DirectiveLine[];
  /** Every other line, without blank lines at the top; directives that are none stay in it. */
  readonly body: string;
  /** Lines that look like directives where the scheduler reads none. */
  readonly stray: readonly DirectiveLine[];
}

/** A line a shell does nothing for. */
export const isComment = (line: string): boolean => /^\s*(?:#|$)/.test(line);

/** Drops blank lines at the top and gives the text one line end at its end; empty when there is nothing. */
export function tidyBody(lines: readonly string[]): string {
  const text = lines
    .join("\n")
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd();
  return text === "" ? "" : `${text}\n`;
}

/** Joins directives whose text ends with a backslash. */
function joined(directives: readonly DirectiveLine[]): DirectiveLine[] {
  const result: DirectiveLine[] = [];
  let open = false;
  for (const directive of directives) {
    const last = result.at(-1);
    const text = directive.text.replace(/\\\s*$/, "");
    if (open && last !== undefined) result.splice(-1, 1, { ...last, text: `${last.text} ${text.trim()}` });
    else result.push({ ...directive, text });
    open = text !== directive.text;
  }
  return result;
}

/** Takes a script apart into shebang, directives and body. */
export function splitScript(text: string, rules: DirectiveRules): ScriptParts {
  const lines = text.split("\n");
  const shebang = /^#!\s*(.+?)\s*$/.exec(lines[0] ?? "")?.[1];
  const directives: DirectiveLine[] = [];
  const stray: DirectiveLine[] = [];
  const body: string[] = [];
  let reading = true;
  for (const [index, line] of lines.entries()) {
    if (index === 0 && line.startsWith("#!")) continue;
    const sentinel = rules.sentinel.exec(line);
    const here = rules.place === "every line" || reading;
    if (sentinel !== null) {
      const directive = { line: index + 1, text: line.slice(sentinel[0].length) };
      (here ? directives : stray).push(directive);
      if (here) continue;
    } else if (rules.place === "block" || !isComment(line)) reading = false;
    body.push(line);
  }
  return {
    interpreter: shebang,
    directives: rules.continues === true ? joined(directives) : directives,
    body: tidyBody(body),
    stray,
  };
}
