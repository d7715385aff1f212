/** The program behind the `module` shell function; it prints shell code on stdout and its listings on stderr. */
export interface ModuleSystem {
  readonly kind: "lmod" | "tcl";
  /** Absolute. */
  readonly program: string;
}

/** Variables the program works from; a name that ends in `*` is a family. */
export const moduleVariables: readonly string[] = [
  "MODULE*",
  "LMOD_*",
  "_ModuleTable*",
  "__LMOD*",
  "LOADEDMODULES",
  "_LMFILES_",
];

/** What {@link findModuleSystem} looks with. */
export interface ModuleSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  isExecutable(path: string): Promise<boolean>;
  /** Looked at last, where the variables name nothing. Default none. */
  readonly others?: readonly ModuleSystem[] | undefined;
}

/**
 * Lmod (`$LMOD_CMD`) or environment-modules (`$MODULES_CMD`, `$MODULESHOME`). A service that was not started from a
 * login shell lacks these variables.
 */
export async function findModuleSystem(search: ModuleSearch): Promise<ModuleSystem | undefined> {
  const { LMOD_CMD: lmod, MODULES_CMD: tcl, MODULESHOME: home } = search.env;
  const named: readonly (readonly [ModuleSystem["kind"], string | undefined])[] = [
    ["lmod", lmod],
    ["tcl", tcl],
    ["tcl", home === undefined ? undefined : `${home}/libexec/modulecmd.tcl`],
    ["tcl", home === undefined ? undefined : `${home}/bin/modulecmd`],
    ...(search.others ?? []).map(({ kind, program }) => [kind, program] as const),
  ];
  for (const [kind, program] of named) {
    if (program?.startsWith("/") === true && (await search.isExecutable(program))) return { kind, program };
  }
  return undefined;
}

/** The argument array that lists all modules in short, on stderr. */
export function availArguments({ kind, program }: ModuleSystem): readonly string[] {
  return kind === "lmod" ? [program, "bash", "-t", "avail"] : [program, "bash", "avail", "-t"];
}

/** Module names in the terse listing of Lmod or environment-modules; directory and family lines are left out. */
export function parseTerseModules(text: string): readonly string[] {
  const names = text
    .split("\n")
    .map((line) => line.trim().replace(/\s*(?:\([^()]*\)|<[^<>]*>)$/, ""))
    .filter(
      (line) => /^[A-Za-z0-9][A-Za-z0-9._+/-]*$/.test(line) && !line.endsWith("/") && line.length <= 512,
    );
  return [...new Set(names)];
}
