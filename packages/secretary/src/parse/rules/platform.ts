import type { JobRequirements } from "@parley/core";
import { fill, union } from "../draft.ts";
import type { Rule } from "../mask.ts";

type Arch = NonNullable<NonNullable<JobRequirements["platform"]>["arch"]>;

const rule = (name: string, pattern: string, read: Rule["read"]): Rule => ({
  name,
  pattern: new RegExp(pattern, "g"),
  read,
});
const lead = "(?:(?:with|on|and|an?|the|has|have|supports?|supporting|needs?|requires?|requiring) ){0,3}";
const machine =
  "(?:[- ](?:machines?|nodes?|cpus?|processors?|servers?|architecture|arch|cores?|systems?|chips?|hosts?|based|hardware|only|box(?:es)?|clusters?|instances?)){0,2}";
const arches: readonly (readonly [Arch, string])[] = [
  [
    "aarch64",
    "(?:aarch64|arm64|arm(?:v8|v9)?(?:[- ]?64)?|graviton[234]?|ampere altra|a64fx|(?:nvidia )?grace(?: hopper)?)(?: \\((?:aarch64|arm64)\\))?",
  ],
  ["x86_64", "(?:x86[-_ ]?64|amd64|x86|x64|intel 64)"],
  ["ppc64le", "(?:ppc64le|power ?(?:8|9|10)|powerpc)"],
  ["riscv64", "(?:riscv64|risc-v|riscv)"],
];
const flags: Readonly<Record<string, string>> = {
  avx512: "avx512f",
  "avx-512": "avx512f",
  "avx-512f": "avx512f",
  "avx-2": "avx2",
  "sse4.2": "sse4_2",
  amx: "amx_tile",
  "amx-bf16": "amx_bf16",
  neon: "asimd",
};
const flag =
  "avx-?512[a-z0-9_]{0,8}|avx-?2|avx|sve2?|neon|asimd|amx(?:[-_](?:tile|bf16|int8))?|sse4[._]2|fma|bf16|vnni|rdseed|aes-ni";
const osName =
  "ubuntu|rocky(?: linux)?|alma ?linux|red hat(?: enterprise linux)?|rhel|centos|debian|suse|sles|fedora|windows|linux|mac ?os";

/** Processor architecture, instruction sets, vendor and operating system. */
export const platformRules: readonly Rule[] = [
  rule(
    "cpu vendor",
    `${lead}(?<![\\w-])(?:(intel|amd) (?:xeons?|epycs?|cpus?|processors?|cores?|sapphire rapids|ice ?lake|genoa|milan|rome|nodes?)|(xeons?)|(epycs?))(?: (?:cpus?|processors?|nodes?|machines?|platinum|gold))?(?![\\w-])`,
    (hit) =>
      fill(hit.reading.draft, "platform", [
        "cpuVendor",
        hit.groups[1] ?? (hit.groups[2] === undefined ? "amd" : "intel"),
      ]),
  ),
  ...arches.map(([arch, words]) =>
    rule(`arch ${arch}`, `${lead}(?<![\\w/-])${words}${machine}(?![\\w-])`, ({ reading }) =>
      fill(reading.draft, "platform", ["arch", arch]),
    ),
  ),
  rule(
    "cpu flags",
    `${lead}(?<![\\w-])(${flag})(?:(?: instructions?| extensions?| support| flags?| instruction set| capable| enabled|-capable| cpus?| nodes?){0,2})(?![\\w-])`,
    (hit) => {
      const { draft } = hit.reading;
      const name = (hit.groups[1] ?? "").trim();
      const flagName = flags[name] ?? name.replace(/^avx-512/, "avx512").replace(/[.-]/g, "_");
      draft.platform = { ...draft.platform, cpuFlags: union(draft.platform?.cpuFlags, [flagName]) };
      return { path: "platform.cpuFlags" };
    },
  ),
  rule(
    "operating system",
    `(?:(?:on|with|running|under|runs|and|an?|needs?|requires?) ){0,2}(?<![\\w/-])(${osName})(?: (?:version )?(\\d{1,2}(?:\\.\\d{1,2})?))?(?: (?:os|operating system|hosts?|nodes?|machines?|systems?|box(?:es)?)){0,2}(?![\\w:/-])`,
    (hit) => {
      const [, name = "", version] = hit.groups;
      return fill(hit.reading.draft, "platform", ["os", version === undefined ? name : `${name} ${version}`]);
    },
  ),
];
