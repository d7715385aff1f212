import type { Io } from "@parley/cli";
import { roleProgram } from "@parley/mcpserver/program";

/** The `parley-hub` command. */
export function createHubProgram(io: Io): ReturnType<typeof roleProgram> {
  return roleProgram(io, {
    program: "parley-hub",
    description: "Be the hub of a federation of computing sites.",
    flags: { hub: true },
    roles: ["hub", "dual"],
    hint: "parley-hub is a hub: for anything else use mcpserver start.",
  });
}
