import { containerPersonas } from "./containers/personas.ts";
import type { PersonaEntry } from "./persona.ts";
import { transformJobspecExpert, validateJobspecExpert } from "./slurm/job-personas.ts";
import { spackSoftwareRequestPersona } from "./software/request-persona.ts";

/** Every prompt. */
export const hpcPersonas: readonly PersonaEntry[] = [
  ...[spackSoftwareRequestPersona, transformJobspecExpert, validateJobspecExpert].map(({ entry }) => entry),
  ...containerPersonas,
];
