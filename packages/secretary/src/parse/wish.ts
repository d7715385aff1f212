import type { SoftwareRequirement } from "@parley/core";
import type { Reading } from "./mask.ts";

const ahead =
  /(?:ideally|preferably|optionally|if (?:possible|available)),? ?(?:(?:with|using|on|via|have|having|an?) ){0,2}$/;
const behind =
  /,? (?:(?:is|are|would be|being) )?(?:preferred|optional|nice(?: to have)?|a plus|a bonus|if (?:available|possible))(?![\w-])/y;

/** A piece of software and where the words about it end. */
export interface Named {
  readonly item: SoftwareRequirement;
  readonly end: number;
}

/** Marks software that is only wished for: `ideally with gromacs`, `gromacs would be nice`. */
export function readWish(reading: Reading, start: number, { item, end }: Named): Named {
  behind.lastIndex = end;
  const words = behind.exec(reading.work)?.[0] ?? "";
  const wished = words !== "" || ahead.test(reading.work.slice(Math.max(0, start - 48), start));
  return wished ? { item: { ...item, importance: "preferred" }, end: end + words.length } : { item, end };
}
