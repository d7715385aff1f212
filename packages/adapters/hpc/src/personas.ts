import type { PersonaEntry } from "./persona.ts";
import { transformJobspecExpert, validateJobspecExpert } from "./slurm/job-personas.ts";
import { moduleSoftwareRequestPersona } from "./software/module-persona.ts";
import { spackSoftwareRequestPersona } from "./software/request-persona.ts";

/** Every prompt. */
export const hpcPersonas: readonly PersonaEntry[] = [
  spackSoftwareRequestPersona,
  moduleSoftwareRequestPersona,
  transformJobspecExpert,
  validateJobspecExpert,
].map(({ entry }) => entry);
