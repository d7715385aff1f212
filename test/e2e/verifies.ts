import { test } from "vitest";
import type { TestContext } from "vitest";
import { requirements } from "./requirements.ts";
import type { RequirementId } from "./requirements.ts";

/** Registers an end-to-end test under the requirements it shows to hold; an unknown id does not compile. */
export function verifies(
  ids: readonly [RequirementId, ...RequirementId[]],
  title: string,
  body: (context: TestContext) => Promise<void> | void,
  timeoutMs = 120_000,
): void {
  for (const id of ids) if (!Object.hasOwn(requirements, id)) throw new Error(`No requirement ${id}.`);
  test(`[${ids.join(" ")}] ${title}`, body, timeoutMs);
}
