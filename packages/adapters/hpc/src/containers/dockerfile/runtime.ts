import type { Check, Finding } from "./finding.ts";
import { type Stage, type Step, lineage } from "./read-dockerfile.ts";

/** How the image is started and as whom, and what it fetches without a check. */
export const checkRuntime: Check = ({ stages }) => {
  const last = stages.at(-1);
  return [
    ...stages.flatMap(({ steps }) => steps.flatMap(checkStep)),
    ...(last === undefined ? [] : checkUser(last)),
  ];
};

function checkUser(stage: Stage): Finding[] {
  if (stage.root === "scratch" && stage.steps.every(({ keyword }) => keyword !== "RUN" && keyword !== "CMD"))
    return [];
  const user = lineage(stage)
    .flatMap(({ steps }) => steps)
    .findLast(({ keyword }) => keyword === "USER");
  if (user !== undefined && !/^(?:root|0)(?::|\s|$)/.test(user.text)) return [];
  const what = user === undefined ? "No USER is named, so the image runs as root" : "The image runs as root";
  return [
    {
      line: user?.line ?? stage.line,
      level: "warning",
      rule: "root-user",
      message: `${what}: end with USER and a number such as 1000 (Apptainer runs it as the caller either way).`,
    },
  ];
}

interface Rule {
  readonly rule: string;
  readonly level: Finding["level"];
  readonly keywords: readonly string[];
  readonly message: string;
  readonly applies: (step: Step) => boolean;
}

const remote = /(?:^|[\s"[])(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/;
const archive = /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)(?=[\s",])/;

const rules: readonly Rule[] = [
  {
    rule: "add-remote",
    level: "warning",
    keywords: ["ADD"],
    message:
      "ADD fetches from the network unchecked: add --checksum=sha256:..., or fetch and verify in a RUN.",
    applies: ({ text, flags }) => remote.test(text) && !flags.has("checksum"),
  },
  {
    rule: "add-local",
    level: "info",
    keywords: ["ADD"],
    message: "ADD unpacks and fetches; COPY does what is meant for plain files.",
    applies: ({ text }) => !remote.test(text) && !archive.test(text),
  },
  {
    rule: "exec-form",
    level: "info",
    keywords: ["CMD", "ENTRYPOINT"],
    message:
      'The shell form hides the program from signals, so it is killed instead of stopped: write ["program", "argument"].',
    applies: ({ text }) => text !== "" && !text.trimStart().startsWith("["),
  },
  {
    rule: "pipe-to-shell",
    level: "warning",
    keywords: ["RUN"],
    message: "A script runs straight from the network: download it, verify its checksum, then run it.",
    applies: ({ text }) => /\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/.test(text),
  },
  {
    rule: "no-check-certificate",
    level: "warning",
    keywords: ["RUN"],
    message: "Certificates are not checked here: install ca-certificates instead.",
    applies: ({ text }) =>
      /--no-check-certificate|\bcurl\b[^|;&\n]*\s(?:-\w*k\w*|--insecure)(?=\s)|sslVerify[= ]false|--trusted-host/.test(
        text,
      ),
  },
  {
    rule: "sudo",
    level: "info",
    keywords: ["RUN"],
    message: "sudo has no use in a build that runs as root: use USER.",
    applies: ({ text }) => /(?:^|[;&|]\s*)sudo\s/.test(text),
  },
  {
    rule: "world-writable",
    level: "warning",
    keywords: ["RUN"],
    message: "chmod 777 lets every user of the host change the program: grant what is needed.",
    applies: ({ text }) => /\bchmod\s+(?:-\w+\s+)*0?777\b/.test(text),
  },
];

function checkStep(step: Step): Finding[] {
  return rules
    .filter(({ keywords, applies }) => keywords.includes(step.keyword) && applies(step))
    .map(({ rule, level, message }) => ({ line: step.line, level, rule, message }));
}
