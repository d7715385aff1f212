import { containerPersonas } from "./containers/personas.ts";
import type { PersonaEntry } from "./persona.ts";

/** Every prompt. */
export const hpcPersonas: readonly PersonaEntry[] = [...containerPersonas];
