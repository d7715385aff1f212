import type { PersonaEntry } from "./persona.ts";
import { spackSoftwareRequestPersona } from "./software/request-persona.ts";

/** Every prompt. */
export const hpcPersonas: readonly PersonaEntry[] = [spackSoftwareRequestPersona].map(({ entry }) => entry);
