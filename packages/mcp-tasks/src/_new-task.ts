import { isoTime } from "@parley/core";
import type { Settings, TaskCall } from "./options.ts";
import type { TaskRecord } from "./task.ts";

/** The record a task begins with. */
export function newTask(call: TaskCall, settings: Settings, runner: string): TaskRecord {
  const now = isoTime(settings.clock.now());
  return {
    taskId: settings.newTaskId(),
    owner: call.owner,
    title: call.title,
    ...(call.args === undefined ? {} : { args: call.args }),
    status: "working",
    ...(call.statusMessage === undefined ? {} : { statusMessage: call.statusMessage }),
    createdAt: now,
    lastUpdatedAt: now,
    ttlMs: call.ttlMs ?? settings.ttlMs,
    pollIntervalMs: call.pollIntervalMs ?? settings.pollIntervalMs,
    runner,
    inputRequests: {},
    inputResponses: {},
    usedKeys: [],
  };
}
