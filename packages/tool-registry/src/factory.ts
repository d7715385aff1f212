import { ParleyError } from "@parley/core";
import { exportNames } from "./load-export.ts";

type Module = Readonly<Record<string, unknown>>;

function factoriesIn(module: Module): readonly string[] {
  return exportNames(module).filter((key) => /^create[A-Z]/.test(key) && typeof module[key] === "function");
}

/** The one factory of a module, or the one that is called like the package: `createNomad` of `@parley/nomad`. */
export function findFactory(module: Module, spec: string): string | undefined {
  const factories = factoriesIn(module);
  const named = `create${spec.replace(/^.*\//, "").replaceAll(/[^a-z0-9]/gi, "")}`.toLowerCase();
  return factories.length === 1 ? factories[0] : factories.find((key) => key.toLowerCase() === named);
}

/** {@link findFactory} for a module that has nothing else to serve. @throws `E_TOOL_LOAD` */
export function factoryOf(module: Module, spec: string): string {
  const found = findFactory(module, spec);
  if (found !== undefined) return found;
  const factories = factoriesIn(module);
  if (factories.length === 0) throw nothingIn(spec, module);
  throw new ParleyError(
    "E_TOOL_LOAD",
    `${spec} exports several factories; name one: ${factories.map((key) => `${spec}#${key}`).join(", ")}.`,
  );
}

/** The error for a module that has nothing to serve. */
export function nothingIn(spec: string, module: Module): ParleyError {
  const names = exportNames(module).slice(0, 20);
  const there = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
  return new ParleyError(
    "E_TOOL_LOAD",
    `${spec} has no tool, prompt, resource or source of events to serve; ${there}. A function needs a property description or input, or its own --tool MODULE#NAME.`,
  );
}
