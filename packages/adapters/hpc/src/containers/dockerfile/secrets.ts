import { Arg, Env } from "dockerfile-ast";
import { redact } from "@parley/exec";
import { looksSecret } from "../secret-names.ts";
import type { Check, Finding } from "./finding.ts";
import type { Step } from "./read-dockerfile.ts";

/** Secrets end up in the image's history from ENV, ARG, addresses and copied key files. */
export const checkSecrets: Check = ({ stages, globals }) =>
  [...globals, ...stages.flatMap(({ steps }) => steps)].flatMap(checkStep);

const remedy = "give it to the step alone with RUN --mount=type=secret,id=...";

function checkStep(step: Step): Finding[] {
  const { line, text, keyword, instruction } = step;
  const found: Finding[] = variables(step).flatMap(({ name, value, at }): Finding[] => {
    if (!looksSecret(name)) return [];
    if (value === undefined || value === "" || /^\$\{?\w+\}?$/.test(value)) {
      const message = `${keyword} ${name} takes a secret that stays in the image's history: ${remedy}.`;
      return [{ line: at, level: "warning", rule: "secret-in-arg", message }];
    }
    const rule = instruction instanceof Env ? "secret-in-env" : "secret-in-arg";
    const message = `${keyword} ${name} puts a secret into the image for everybody who has it: ${remedy}.`;
    return [{ line: at, level: "error", rule, message }];
  });
  if (found.length === 0 && holdsSecret(text)) {
    const message = `A password, token or key stands in this ${keyword} and stays in the image's history: ${remedy}.`;
    found.push({ line, level: "error", rule: "secret-in-text", message });
  }
  if ((keyword === "COPY" || keyword === "ADD") && keyFile.test(text)) {
    const message = `${keyword} brings a key or credential file into a layer, where it stays even if it is removed later: ${remedy}.`;
    found.push({ line, level: "warning", rule: "secret-file", message });
  }
  return found;
}

const keyFile =
  /(?:^|[\s/])(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env|\.netrc|\.npmrc|\.pypirc|\.git-credentials|credentials(?:\.json)?|[\w.-]+\.(?:pem|p12|pfx))(?=\s)/;

function variables({ instruction }: Step): { name: string; value?: string | undefined; at: number }[] {
  const single = instruction instanceof Arg ? instruction.getProperty() : undefined;
  const properties =
    instruction instanceof Env
      ? instruction.getProperties()
      : single === null || single === undefined
        ? []
        : [single];
  return properties.map((property) => ({
    name: property.getName(),
    value: property.getValue() ?? undefined,
    at: property.getRange().start.line + 1,
  }));
}

/** Whether a text holds a known kind of token, a key, or a password in an address, that is no variable. */
function holdsSecret(text: string): boolean {
  const literal = text.replace(/\$\{?\w+\}?|\$\([^)]*\)/g, "");
  const bare = literal.replace(
    /((?:key|token|passw(?:or)?d|passphrase|secret|credentials?)["']?\s{0,4}[=:])/gi,
    " ",
  );
  return redact(bare) !== bare;
}
