import type { Requirement } from "./requirement.ts";

const item9 = "issue 3, deliver 9";
const seed = "seed 000, Docker and Kubernetes";

/** Examples, image and manifests. */
export const examples = {
  "EX-01": { source: item9, says: "simple_echo answers an MCP client and one plain HTTP request." },
  "EX-02": { source: item9, says: "Tools and prompts are listed alike over MCP and by plain HTTP." },
  "EX-03": {
    source: item9,
    says: "query lists the tools of any server, calls one by name, and a site's through its hub.",
  },
  "EX-04": {
    source: item9,
    says: "The docker-build file serves the persona prompt and a tool that finds the faults of a Dockerfile.",
  },
  "EX-05": {
    source: seed,
    says: "A function in a plain file, with no packages beside it, is a tool by --tool FILE#NAME.",
  },
  "EX-06": {
    source: item9,
    says: "The image runs as a numeric user without root, in exec form, with a health check, and holds no secret.",
  },
  "EX-07": {
    source: "coverage, mcpserver",
    says: "The image's files run read-only under any user id of group 0 and end in order at SIGTERM.",
  },
  "EX-08": {
    source: seed,
    says: "The image without a command answers the echo example from outside, and serves nothing else without a token.",
  },
  "EX-09": {
    source: item9,
    says: "The compose file is valid, passes secrets as files, and its commands are ones the program takes.",
  },
  "EX-10": { source: "coverage, mcpserver", says: "An image built on ours serves tools of its own." },
  "EX-11": {
    source: item9,
    says: "The Kubernetes manifests are valid, restricted, and agree on ports, probes, volumes and labels.",
  },
  "EX-12": {
    source: item9,
    says: "The Deployment's arguments and environment start the program, and its ConfigMap's function answers.",
  },
  "EX-13": { source: seed, says: "make builds the image; its other targets are the documented commands." },
} as const satisfies Record<string, Requirement>;
