import type { Requirement } from "./requirement.ts";

const mounting = "coverage, mcpserver: mount";
const shows = "issue 3, shows";
const recipes = "coverage, mcpserver: recipes";

/** Other servers mounted into ours, clients of every make, and the programs people connect with. */
export const mount = {
  "MNT-01": {
    source: mounting,
    says: "Tools, prompts, resources and families of a mounted server are served under its prefix; schemas, arguments and results pass untouched.",
  },
  "MNT-02": {
    source: mounting,
    says: "Progress, trace and cancellation pass between the caller and the mounted server.",
  },
  "MNT-03": {
    source: mounting,
    says: "Lists and watched resources follow those of the mounted server.",
  },
  "MNT-04": {
    source: mounting,
    says: "A mounted server that was away, crashed or restarted is taken up again; a child ends with its process group.",
  },
  "MNT-05": {
    source: mounting,
    says: "Two origins with one name are an error that names both.",
  },
  "MNT-06": {
    source: mounting,
    says: "Prefix, include, exclude and scope say what of a mounted server is served, and to whom.",
  },
  "MNT-07": {
    source: mounting,
    says: "A mount that is away delays and fails no start unless it is required; /health and /readyz tell its state.",
  },
  "MNT-08": {
    source: mounting,
    says: "What a mounted server of either era asks reaches the calling client, and the answer the server.",
  },
  "MNT-09": {
    source: mounting,
    says: "Hostile names, schemas, results and endless questions of a mounted server harm nobody.",
  },
  "MNT-10": {
    source: mounting,
    says: "Mounts are named by --mount name=URL and mount: in the YAML; a mistake is one sentence with its place, and secrets are shown nowhere.",
  },
  "MNT-11": {
    source: mounting,
    says: "--watch takes up changed mounts and leaves the others running.",
  },
  "HOST-01": {
    source: shows,
    says: "Clients of the v1 and the v2 SDK list and call tools over HTTP, stdio and TLS.",
  },
  "HOST-02": {
    source: shows,
    says: "The Inspector's command line lists and calls tools over HTTP, stdio and TLS.",
  },
  "HOST-03": {
    source: shows,
    says: "The Python client lists and calls tools over HTTP, stdio and TLS.",
  },
  "HOST-04": {
    source: recipes,
    says: "The configuration files for Claude Desktop, Claude Code and VS Code start a server whose tools can be listed.",
  },
} as const satisfies Record<string, Requirement>;
