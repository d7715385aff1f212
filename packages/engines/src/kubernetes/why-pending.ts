const resources: Readonly<Record<string, string>> = {
  cpu: "CPU cores",
  memory: "memory",
  pods: "room for another pod",
  "ephemeral-storage": "local disk",
  "nvidia.com/gpu": "NVIDIA GPUs",
  "amd.com/gpu": "AMD GPUs",
};

type Rule = readonly [RegExp, (found: RegExpExecArray) => string];

const rules: readonly Rule[] = [
  [
    /^(\d+) Insufficient (\S+)$/,
    ([, nodes, what = ""]) => `${many(nodes)} not enough free ${resources[what] ?? what}`,
  ],
  [/^(\d+) Too many pods$/, ([, nodes]) => `${many(nodes)} no room for another pod`],
  [
    /^(\d+) node\(s\) had (?:untolerated )?taints? \{([^}]*)\}/,
    ([, nodes, taint = ""]) =>
      `${many(nodes)} a taint this pod does not tolerate (${taint.trim().replace(/:$/, "")})`,
  ],
  [
    /^(\d+) node\(s\) didn't match (?:Pod's )?node (?:affinity\/)?selector/i,
    ([, nodes]) => `${many(nodes)} not the labels that its node selector or affinity asks for`,
  ],
  [
    /^(\d+) node\(s\) didn't match (?:Pod's )?node affinity/i,
    ([, nodes]) => `${many(nodes)} not the labels that its node affinity asks for`,
  ],
  [/^(\d+) node\(s\) were unschedulable/, ([, nodes]) => `${are(nodes)} cordoned`],
  [
    /^(\d+) node\(s\) didn't match pod (anti-)?affinity/i,
    ([, nodes, anti]) =>
      `${are(nodes)} ruled out by its rule on which pods it may ${anti === undefined ? "" : "not "}stand beside`,
  ],
  [
    /^(\d+) node\(s\) didn't (?:have|satisfy) (?:free ports|.*host ports)/i,
    ([, nodes]) => `${many(nodes)} the host port in use already`,
  ],
  [
    /^(\d+) node\(s\) had volume node affinity conflict/,
    ([, nodes]) => `${are(nodes)} where its volume cannot be reached`,
  ],
  [
    /^(?:\d+ )?(?:pod has )?unbound immediate PersistentVolumeClaims/,
    () => "its PersistentVolumeClaim has no volume yet",
  ],
  [
    /^persistentvolumeclaim "([^"]*)" not found/,
    ([, claim = ""]) => `the PersistentVolumeClaim ${claim} does not exist`,
  ],
];

function many(nodes = ""): string {
  return nodes === "1" ? "1 node has" : `${nodes} nodes have`;
}

function are(nodes = ""): string {
  return nodes === "1" ? "1 node is" : `${nodes} nodes are`;
}

/** What the scheduler's message about a pod it cannot place means, in words; what it does not know it quotes. */
export function explainUnschedulable(message: string): string {
  const [, fit, total, rest] =
    /^(\d+)\/(\d+) nodes are available: ?([\s\S]*)$/.exec(message.slice(0, 4000)) ?? [];
  if (rest === undefined)
    return message === "" ? "It cannot be scheduled; no reason is given." : explainPart(message);
  const parts = splitReasons(rest.replace(/ ?preemption: [\s\S]*$/, "").replace(/\.?\s*$/, ""));
  const said = parts.map(explainPart).filter((part) => part !== "");
  const none =
    total === "0"
      ? "The cluster has no node"
      : `${fit === "0" ? "None" : String(fit)} of ${String(total)} nodes can take it`;
  return said.length === 0 ? `${none}.` : `${none}: ${said.join("; ")}.`;
}

/** Commas inside a taint's braces part nothing, and neither does one before words that go on. */
function splitReasons(text: string): readonly string[] {
  return text
    .replace(/, that the pod didn't tolerate/g, "")
    .split(/,\s+(?=\d)|\.\s+(?=\S)/)
    .map((part) => part.trim().replace(/\.$/, ""));
}

function explainPart(part: string): string {
  for (const [pattern, say] of rules) {
    const found = pattern.exec(part);
    if (found !== null) return say(found);
  }
  return part;
}

/** What a kubelet's failure to fetch an image means. */
export function explainImage(reason: string, message: string, image = "its image"): string {
  const named = `the image ${image}`;
  if (reason === "InvalidImageName") return `${image} is no image name.`;
  if (reason === "ErrImageNeverPull") return `${named} is not on the node and the pull policy is Never.`;
  if (/unauthorized|denied|authentication required|403|401/i.test(message))
    return `the registry refuses ${named}: it is private or misspelt, so an imagePullSecret may be missing.`;
  if (/not found|manifest unknown|does not exist/i.test(message))
    return `${named} does not exist; check its name and tag.`;
  if (/no such host|dial tcp|timeout|connection refused|TLS|x509/i.test(message))
    return `the registry of ${named} cannot be reached from the node.`;
  if (/toomanyrequests|rate limit/i.test(message))
    return `the registry limits how often ${named} is fetched; wait or log in.`;
  return `${named} cannot be fetched (${reason}${message === "" ? "" : `: ${message.slice(0, 300)}`}).`;
}
