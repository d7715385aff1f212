import type { Io } from "@parley/cli";
import { roleProgram } from "@parley/mcpserver/program";

/** The `parley-worker` command. */
export function createWorkerProgram(io: Io): ReturnType<typeof roleProgram> {
  return roleProgram(io, {
    program: "parley-worker",
    description: "Be one computing site, discovered and answering.",
    flags: {},
    roles: ["worker"],
    hint: "parley-worker is a site: pass --join with its hub's address, --local-allow or --mock, and neither --hub nor --dual.",
  });
}
