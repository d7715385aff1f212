import { ParleyError } from "@parley/core";
import { maxRequestLength } from "@parley/secretary";
import type { Dependencies } from "../dependencies.ts";

/**
 * The words of a request; `-` alone reads standard input.
 * @throws {@link ParleyError} `E_REQUEST_TOO_LONG`, `E_REQUEST_EMPTY` when standard input has none
 */
export async function readWords(
  args: readonly string[],
  { readInput = readStandardInput }: Pick<Dependencies, "readInput">,
): Promise<string> {
  const given = args.join(" ").trim();
  const words = given === "-" ? (await readInput()).trim() : given;
  if (words.length > maxRequestLength) {
    throw new ParleyError(
      "E_REQUEST_TOO_LONG",
      `The request is longer than the ${maxRequestLength} characters that are read: shorten it.`,
    );
  }
  if (given === "-" && words === "") {
    throw new ParleyError("E_REQUEST_EMPTY", "Standard input holds no request.");
  }
  return words;
}

/** @throws {@link ParleyError} `E_REQUEST_EMPTY` */
export function requireRequest(words: string, fields: unknown): void {
  if (words !== "" || fields !== undefined) return;
  throw new ParleyError(
    "E_REQUEST_EMPTY",
    'Say what is needed, in words such as "LAMMPS on 3 nodes for 2 hours" or with flags such as --command.',
  );
}

async function readStandardInput(): Promise<string> {
  const chunks: string[] = [];
  let length = 0;
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    chunks.push(String(chunk));
    length += String(chunk).length;
    if (length > maxRequestLength * 2) break;
  }
  return chunks.join("");
}
