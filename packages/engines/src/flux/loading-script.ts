import { loadingPart } from "../_software-loads.ts";

/** Runs a command after it has loaded software; every task of a job does so for itself. */
export const loadingScript = `#!/bin/bash -l
give_up() {
  exit 127
}
${loadingPart}exec "$@"
`;
