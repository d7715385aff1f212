import { sleepTimer } from "./apps/sleep-timer.ts";
import { containerOperations } from "./containers/operations.ts";
import type { OperationEntry } from "./operation.ts";

/** Every operation, in the order tools are listed in. */
export const hpcOperations: readonly OperationEntry[] = [
  ...[sleepTimer].map(({ entry }) => entry),
  ...containerOperations,
];
