import type { Open } from "./json.ts";

/** One variable of a URI template. */
export interface Variable {
  readonly name: string;
  readonly optional: boolean;
}

const expression = /\{([+#./;?&]?)([^{}]*)\}/g;

/** The variables of a template, each once; those of a query may be left out. Source: RFC 6570. */
export function variablesOf(template: string): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (const [, operator = "", list = ""] of template.matchAll(expression)) {
    for (const name of namesIn(list)) {
      if (!found.has(name)) found.set(name, { name, optional: /[?&;#]/.test(operator) });
    }
  }
  return [...found.values()];
}

/** The URI of a template with its variables filled in, to level 3 of RFC 6570. */
export function expand(template: string, values: Open): string {
  return template.replaceAll(expression, (_whole, operator: string, list: string) => {
    const given = namesIn(list).filter((name) => typeof values[name] === "string");
    const encode = (name: string): string => {
      const value = String(values[name]);
      return operator === "+" || operator === "#" ? encodeURI(value) : strictly(value);
    };
    const isNamed = /[?&;]/.test(operator);
    const pieces = given.map((name) => (isNamed ? `${name}=${encode(name)}` : encode(name)));
    const between = { "?": "&", "&": "&", ";": ";", ".": ".", "/": "/" }[operator] ?? ",";
    const before = operator === "+" ? "" : operator;
    return pieces.length === 0 ? "" : before + pieces.join(between);
  });
}

function namesIn(list: string): readonly string[] {
  return list.split(",").map((name) => name.replace(/(?:\*|:\d+)$/, "").trim());
}

function strictly(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
