import { nearest } from "@parley/cli";
import { ParleyError } from "@parley/core";
import { which } from "@parley/exec";

/** Where a command line is looked at. */
export interface Surroundings {
  /** Names of the commands there are. */
  readonly commands: readonly string[];
  /** Where programs are found. */
  readonly path: string | undefined;
}

/**
 * Tells a command that was mistyped from a program to start: it is near a command, and no program has that name.
 * @throws `E_CONFIG_INVALID` with the command that was meant
 */
export async function refuseMistyped(
  words: readonly string[],
  { commands, path = "" }: Surroundings,
): Promise<void> {
  const [word = ""] = words;
  const meant = /^[a-z-]+$/i.test(word) ? nearest(word, commands) : undefined;
  if (meant === undefined || (await which(word, path)) !== undefined) return;
  throw new ParleyError(
    "E_CONFIG_INVALID",
    `There is no command ${word}, and no program of that name on PATH; did you mean ${meant}?`,
  );
}
