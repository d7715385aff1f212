/** Module paths of the Python packages whose items have moved, each to the package that exports them by the same name. */
const movedPackages: Readonly<Record<string, string>> = {
  hpc_mcp: "@parley/hpc",
  flux_mcp: "@parley/flux",
};

/** `hpc_mcp.t.build.docker.docker_build_container` as `@parley/hpc#docker_build_container`; any other path as it is. */
export function resolveAlias(spec: string): string {
  const found = /^(?:([^=#]*)=)?([A-Za-z_]\w*)\.(?:\w+\.)*([A-Za-z_]\w*)(?:=([\w-]+))?$/.exec(spec.trim());
  const [, before, root = "", member = "", after] = found ?? [];
  if (!Object.hasOwn(movedPackages, root)) return spec;
  const rename = before ?? after;
  return `${rename === undefined ? "" : `${rename}=`}${movedPackages[root]}#${member}`;
}
