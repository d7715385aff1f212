import type { Check, Finding } from "./finding.ts";
import type { Step } from "./read-dockerfile.ts";

/** Package managers: what is asked and answered nowhere, installed stale, or left behind in a layer. */
export const checkPackages: Check = ({ stages }) =>
  stages.flatMap(({ steps }) => steps.filter(({ keyword }) => keyword === "RUN").flatMap(checkRun));

interface Rule {
  readonly rule: string;
  readonly level: Finding["level"];
  readonly message: string;
  applies(command: string, step: Step): boolean;
}

const aptInstall = /\bapt(?:-get)?\s+(?:-\S+\s+)*install\b/;
const cached = (step: Step, folder: string): boolean =>
  (step.flags.get("mount") ?? []).some((mount) => /type=cache/.test(mount) && mount.includes(folder));

const rules: readonly Rule[] = [
  {
    rule: "apt-yes",
    level: "error",
    message: "apt-get install asks, and nobody answers in a build: add -y.",
    applies: (command) =>
      aptCalls(command).some(
        (call) =>
          !/\s(?:-\w*y\w*|--yes|--assume-yes|-qq)(?=\s|$)/.test(call) && !/APT::Get::Assume-Yes/.test(call),
      ),
  },
  {
    rule: "apt-update",
    level: "warning",
    message:
      "apt-get install without apt-get update in the same RUN uses the package lists of a cached layer.",
    applies: (command) => aptInstall.test(command) && !/\bapt(?:-get)?\s+(?:-\S+\s+)*update\b/.test(command),
  },
  {
    rule: "apt-cleanup",
    level: "warning",
    message: "The package lists stay in the layer: end this RUN with rm -rf /var/lib/apt/lists/*.",
    applies: (command, step) =>
      /\bapt(?:-get)?\s+(?:-\S+\s+)*update\b/.test(command) &&
      !/rm\s+-\w*r\w*\s[^&|;]*\/var\/lib\/apt\/lists/.test(command) &&
      !cached(step, "/var/lib/apt"),
  },
  {
    rule: "apt-recommends",
    level: "info",
    message:
      "apt-get install brings recommended packages too: add --no-install-recommends for a smaller image.",
    applies: (command) => aptCalls(command).some((call) => !call.includes("--no-install-recommends")),
  },
  {
    rule: "dnf-cleanup",
    level: "info",
    message: "Package caches stay in the layer: end this RUN with dnf clean all (or yum, zypper).",
    applies: (command, step) =>
      /\b(?:dnf|yum|microdnf|zypper)\s+(?:-\S+\s+)*install\b/.test(command) &&
      !/\b(?:dnf|yum|microdnf|zypper)\s+clean\b|rm\s+-\w*r\w*\s[^&|;]*\/var\/cache/.test(command) &&
      !cached(step, "/var/cache"),
  },
  {
    rule: "apk-cache",
    level: "info",
    message: "apk add keeps its index in the layer: add --no-cache.",
    applies: (command) => /\bapk\s+(?:-\S+\s+)*add\b/.test(command) && !command.includes("--no-cache"),
  },
  {
    rule: "pip-cache",
    level: "info",
    message: "pip install keeps what it downloads in the layer: add --no-cache-dir.",
    applies: (command, step) =>
      /\bpip3?\s+(?:-\S+\s+)*install\b/.test(command) &&
      !command.includes("--no-cache-dir") &&
      !cached(step, "pip"),
  },
  {
    rule: "conda-cleanup",
    level: "info",
    message: "conda keeps its packages twice: end this RUN with conda clean -afy.",
    applies: (command) =>
      /\b(?:conda|mamba|micromamba)\s+(?:install|create|env\s+create)\b/.test(command) &&
      !/\b(?:conda|mamba|micromamba)\s+clean\b/.test(command),
  },
];

function aptCalls(command: string): readonly string[] {
  return command.split(/&&|\|\||;|\n/).filter((call) => aptInstall.test(call));
}

function checkRun(step: Step): Finding[] {
  return rules
    .filter((rule) => rule.applies(step.text, step))
    .map(({ rule, level, message }) => ({ line: step.line, level, rule, message }));
}
