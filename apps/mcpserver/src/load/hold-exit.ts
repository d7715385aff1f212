import { ParleyError } from "@parley/core";

let holders = 0;
let giveBack = (): void => undefined;

/** Runs work during which code that is being loaded cannot end the process: `process.exit` throws instead. */
export async function holdExit<Value>(work: () => Promise<Value>): Promise<Value> {
  if (holders === 0) {
    const exit = process.exit.bind(process);
    giveBack = () => {
      process.exit = exit;
    };
    process.exit = refuse;
    // A second interrupt must be able to end a start that hangs.
    process.once("SIGINT", restore);
  }
  holders += 1;
  try {
    return await work();
  } finally {
    holders -= 1;
    if (holders === 0) restore();
  }
}

function restore(): void {
  process.off("SIGINT", restore);
  giveBack();
}

function refuse(code?: number | string | null): never {
  throw new ParleyError("E_TOOL_LOAD", `it called process.exit(${code ?? ""}) while it was loaded`);
}
