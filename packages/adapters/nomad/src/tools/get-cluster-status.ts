import { toParleyError } from "@parley/core";
import { z } from "zod";
import type { Call } from "../call.ts";
import { operation } from "../operation.ts";

const Texts = z.array(z.string());
const Namespaces = z.array(z.object({ Name: z.string() }));

/** Whether Nomad answers, has a leader, and takes the token: the check to begin with. */
export const getClusterStatus = operation({
  name: "get_cluster_status",
  description: "Checks the connection to Nomad: leader, servers, regions, and whether the token is taken.",
  toolset: "cluster",
  route: { method: "GET", path: "/api/cluster" },
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    leader: z.string(),
    servers: z.array(z.string()),
    regions: z.array(z.string()),
    namespaces: z.array(z.string()),
    namespace: z.string(),
    /** What does not work, and what to do. */
    problems: z.array(z.string()),
  }),
  async run(_args, call) {
    // Open to everybody: when this fails, nothing else will work.
    const leader = await ask(call, {
      schema: z.string(),
      path: ["status", "leader"],
      doing: "ask for the leader",
    });
    const servers = await ask(call, {
      schema: Texts,
      path: ["status", "peers"],
      doing: "ask for the servers",
    });
    const regions = await ask(call, { schema: Texts, path: ["regions"], doing: "ask for the regions" });
    const namespace = call.nomad.namespace();
    const problems = leader === "" ? ["No leader is elected: look at the servers' logs."] : [];
    const listed = await ask(call, {
      schema: Namespaces,
      path: ["namespaces"],
      doing: "list namespaces",
    }).catch((error: unknown) => {
      problems.push(toParleyError(error).message);
      return undefined;
    });
    const namespaces = (listed ?? []).map(({ Name }) => Name);
    if (listed !== undefined && !namespaces.includes(namespace)) {
      problems.push(
        `Namespace ${namespace} is not among those the token can see: set NOMAD_NAMESPACE or NOMAD_TOKEN.`,
      );
    }
    return { leader, servers, regions, namespaces, namespace, problems };
  },
  say: ({ leader, servers, namespaces, problems }) =>
    [
      `Leader ${leader || "(none)"}, ${String(servers.length)} servers, namespaces ${namespaces.join(", ") || "(unknown)"}.`,
      ...problems,
    ].join("\n"),
});

async function ask<S extends z.ZodType>(
  call: Call,
  { schema, ...request }: { readonly schema: S; readonly path: string[]; readonly doing: string },
): Promise<z.output<S>> {
  return call.nomad.read(schema, { ...request, signal: call.signal });
}
