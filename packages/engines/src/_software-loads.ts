import { ParleyError, SoftwareLoad } from "@parley/core";
import type { JobSpec } from "@parley/core";

/**
 * Part of a bash script whose arguments begin with `VIA NAME` pairs and `--`: loads them, and leaves the command as
 * the arguments. Where that fails it says so on stderr and calls `give_up`, which the script has to define.
 */
export const loadingPart = `load_module() {
  if ! type module >/dev/null 2>&1 && [ -z "\${LMOD_CMD:-}" ] && [ -r "\${MODULESHOME:-}/init/bash" ]; then
    . "$MODULESHOME/init/bash"
  fi
  if type module >/dev/null 2>&1; then
    module load "$1"
  elif [ -n "\${LMOD_CMD:-}" ]; then
    local text
    text=$("$LMOD_CMD" bash load "$1") && eval "$text"
  else
    printf 'parley: this node has no module command, LMOD_CMD or MODULESHOME\\n' >&2
    return 1
  fi
}
load_package() {
  local text
  if ! type spack >/dev/null 2>&1 && [ -r "\${SPACK_ROOT:-}/share/spack/setup-env.sh" ]; then
    . "$SPACK_ROOT/share/spack/setup-env.sh"
  fi
  text=$(spack load --sh "$1") && eval "$text"
}
load_environment() {
  local text program
  for program in "$1/bin/conda" "\${1%/envs/*}/bin/conda" "\${CONDA_EXE:-}" "$(type -P conda)" "$(type -P mamba)"; do
    if [ -f "$program" ] && [ -x "$program" ]; then
      text=$("$program" shell.posix activate "$1") && eval "$text"
      return
    fi
  done
  printf 'parley: this node has no conda that could activate an environment\\n' >&2
  return 1
}
load_one() {
  case $1 in
    modules) load_module "$2" ;;
    spack) load_package "$2" ;;
    conda) load_environment "$2" ;;
    *) false ;;
  esac
}
loads=()
while [ "$#" -gt 1 ] && [ "$1" != -- ]; do
  loads+=("$1" "$2")
  shift 2
done
shift
for ((index = 0; index < \${#loads[@]}; index += 2)); do
  if ! load_one "\${loads[index]}" "\${loads[index + 1]}" </dev/null; then
    printf 'parley: could not load %s through %s\\n' "\${loads[index + 1]}" "\${loads[index]}" >&2
    give_up
  fi
done
`;

/**
 * What a job loads as the arguments {@link loadingPart} takes; empty when it loads nothing.
 * @throws ParleyError `E_ENGINE_REFUSED`
 */
export function loadArguments(load: JobSpec["load"]): string[] {
  const bad = load.find((item) => !SoftwareLoad.safeParse(item).success);
  if (bad !== undefined) {
    throw new ParleyError(
      "E_ENGINE_REFUSED",
      `A job cannot load ${JSON.stringify(bad.name.slice(0, 80))} through ${JSON.stringify(bad.via.slice(0, 20))}: use the name of a module, a Spack spec or the path of a Conda environment.`,
    );
  }
  return load.length === 0 ? [] : [...load.flatMap(({ via, name }) => [via, name]), "--"];
}
