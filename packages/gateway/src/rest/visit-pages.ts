import { pagesNeeded } from "@parley/server";
import type { ToolContext, ToolResult } from "@parley/tool-registry";

/** Calls, and once more when the server wanted its user to visit pages first and the caller says that this is done. */
export function visitingPages(context: ToolContext, call: () => Promise<ToolResult>): Promise<ToolResult> {
  return call().catch(async (error: unknown) => {
    const questions = pagesNeeded(error)?.questions ?? {};
    if (Object.keys(questions).length === 0 || !context.canAsk("url")) throw error;
    const answers: readonly unknown[] = Object.values(await context.input(questions));
    if (!answers.every(isAccepted)) throw error;
    return await call();
  });
}

function isAccepted(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "action" in answer && answer.action === "accept";
}
