import { ParleyError } from "@parley/core";
import type { TaskState } from "@parley/queue";
import { TaskState as State } from "@parley/queue";
import { defineResource } from "@parley/tool-registry";
import type { Resource } from "@parley/tool-registry";
import { z } from "zod";
import type { Desk } from "./desk.ts";
import { statsView } from "./stats.ts";
import { Status, statesOf, viewLine, viewTask } from "./views.ts";
import type { Watcher } from "./watcher.ts";

/** Tasks on one page, unless the URI says otherwise. */
const pageSize = 100;

const json = "application/json";
type Contents = Awaited<ReturnType<Resource["read"]>>;

const Page = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(pageSize),
});

const text = (value: unknown): string => JSON.stringify(value, null, 2);

interface List {
  readonly name: string;
  readonly base: string;
  readonly description: string;
  readonly states?: readonly TaskState[] | undefined;
}

/** Every list is a JSON array, as in the lab; a second part has the address of the next page. */
async function readPage(
  { queue }: Desk,
  { base, states }: Pick<List, "base" | "states">,
  asked: { readonly uri: string } & z.output<typeof Page>,
): Promise<Contents> {
  const { uri, after, limit } = asked;
  const page = await queue.list({ after, limit, ...(states === undefined ? {} : { states: [...states] }) });
  const first = { uri, mimeType: json, text: text(page.tasks.map(viewLine)) };
  if (page.next === undefined) return [first];
  const next = `${base}?after=${page.next}&limit=${limit}`;
  return [first, { uri: next, mimeType: json, text: text({ next }) }];
}

const lists: readonly List[] = [
  { name: "queue", base: "task://queue", description: "All tasks, in the order they were added." },
  {
    name: "pending",
    base: "task://pending",
    description: "Tasks that can be claimed now.",
    states: ["pending"],
  },
  {
    name: "completed",
    base: "task://completed",
    description: "Completed tasks with their results.",
    states: ["completed"],
  },
];

function listResources(desk: Desk, list: List, watcher: Watcher): readonly Resource[] {
  const { name, base, description } = list;
  return [
    defineResource({
      name,
      uri: base,
      description,
      mimeType: json,
      watch: watcher.watch(({ from, to }) =>
        list.states === undefined || [from, to].some((state) => state && list.states?.includes(state))
          ? [base]
          : [],
      ),
      handler: (uri) => readPage(desk, list, { uri, ...Page.parse({}) }),
    }),
    defineResource({
      name: `${name}-page`,
      uriTemplate: `${base}{?after,limit}`,
      description: `${description} From after, at most limit.`,
      mimeType: json,
      input: Page,
      handler: ({ after, limit }, { uri }) => readPage(desk, list, { uri, after, limit }),
    }),
  ];
}

function filterResources(desk: Desk, watcher: Watcher): readonly Resource[] {
  const read = async (uri: string): Promise<Contents> => {
    // Either template may be found for an address with a query: both read the whole of it.
    const [base = "", query = ""] = uri.split("?", 2);
    const status = base.slice("task://filter/".length);
    const states = statesOf(status);
    const page = Page.safeParse(Object.fromEntries(new URLSearchParams(query)));
    if (states !== undefined && page.success)
      return await readPage(desk, { base, states }, { uri, ...page.data });
    const message =
      states === undefined
        ? `There is no status ${JSON.stringify(status.slice(0, 64))}; there are ${Status.options.join(", ")}.`
        : "after and limit are whole numbers, limit from 1 to 1000.";
    throw new ParleyError("E_ARGUMENT_INVALID", message);
  };
  const about = {
    mimeType: json,
    complete: { status: (typed: string) => Status.options.filter((status) => status.startsWith(typed)) },
    handler: read,
  };
  return [
    defineResource({
      ...about,
      name: "filter",
      uriTemplate: "task://filter/{status}",
      description: `Tasks of one status: ${Status.options.join(", ")}.`,
      watch: watcher.watch(({ from, to }) =>
        [from, to].flatMap((state) => (state === undefined ? [] : statusUris(state))),
      ),
    }),
    defineResource({
      ...about,
      name: "filter-page",
      uriTemplate: "task://filter/{status}{?after,limit}",
      description: "Tasks of one status, from after, at most limit.",
    }),
  ];
}

const statusUris = (state: TaskState): readonly string[] =>
  state === "running" || state === "verifying"
    ? [`task://filter/${state}`, "task://filter/in_progress"]
    : [`task://filter/${state}`];

function currentResource({ queue }: Desk, watcher: Watcher): Resource {
  const inHands: readonly TaskState[] = [State.enum.running, State.enum.verifying];
  return defineResource({
    name: "current",
    uri: "task://current",
    description:
      "The task that was last claimed and is being worked on, or null; others says which more are.",
    mimeType: json,
    watch: watcher.watch(({ from, to, type }) =>
      type === "progress" || [from, to].some((state) => state && inHands.includes(state))
        ? ["task://current"]
        : [],
    ),
    async handler() {
      const { tasks } = await queue.list({ states: [...inHands], limit: 1000 });
      const [latest, ...others] = tasks.toSorted((a, b) =>
        (b.startedAt ?? "").localeCompare(a.startedAt ?? ""),
      );
      return text(latest === undefined ? null : { ...viewLine(latest), others: others.map(({ id }) => id) });
    },
  });
}

function statsResource({ queue, orchestrator }: Desk, watcher: Watcher): Resource {
  return defineResource({
    name: "stats",
    uri: "task://stats",
    description: "Counts by status, waiting and working times, throughput, and the circuit breaker.",
    mimeType: json,
    watch: watcher.watch(({ to }) => (to === undefined ? [] : ["task://stats"])),
    handler: async () => text(await statsView(queue, orchestrator.safety)),
  });
}

/** What `execute` and `verify` of a task may say here. */
function actionsResource({ orchestrator: { executors, verifiers } }: Desk): Resource {
  const described = (kinds: typeof executors | typeof verifiers): object[] =>
    [...kinds.values()].map(({ type, description, schema }) => ({ type, description, schema }));
  return defineResource({
    name: "actions",
    uri: "task://actions",
    description: "What execute and verify of a task may say here: types, and a JSON Schema of their fields.",
    mimeType: json,
    handler: () => text({ execute: described(executors), verify: described(verifiers) }),
  });
}

function taskResource({ queue }: Desk, watcher: Watcher): Resource {
  return defineResource({
    name: "task",
    uriTemplate: "task://{id}",
    description: "One task with its attempts, feedback, verdicts and whole result.",
    mimeType: json,
    input: z.object({ id: z.string().max(200) }),
    watch: watcher.watch(({ taskId }) => (taskId === undefined ? [] : [`task://${taskId}`])),
    async handler({ id }) {
      const task = await queue.get(id);
      if (task !== undefined) return text(viewTask(task));
      throw new ParleyError("E_OBJECT_UNKNOWN", `Task not found: ${id}`, { details: { id } });
    },
  });
}

/** Everything that can be read at `task://`. */
export function taskResources(desk: Desk, watcher: Watcher): readonly Resource[] {
  return [
    ...lists.flatMap((list) => listResources(desk, list, watcher)),
    ...filterResources(desk, watcher),
    currentResource(desk, watcher),
    statsResource(desk, watcher),
    actionsResource(desk),
    taskResource(desk, watcher),
  ];
}
