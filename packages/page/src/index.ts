/** A page at `/` that shows and tries what an MCP server offers, for a fastify app. */

export { createGatewayPage } from "./gateway-page.ts";
export type { GatewayPage } from "./gateway-page.ts";
export { createPage } from "./page.ts";
export { createTaskBoard } from "./task-board.ts";
export type { TaskBoard, TaskBoardOptions } from "./task-board.ts";
export { createPlanPage } from "./plan-page.ts";
export type { PlanPage } from "./plan-page.ts";
export type { Page, PageOptions } from "./page.ts";
export type { PageCall, SeenCall } from "./call-log.ts";
