import type { DetailEvent } from "../machine/events.ts";

type WithoutPlace<Event> = Event extends unknown ? Omit<Event, "step" | "visit" | "attempt"> : never;

/** What happens within a conversation; in the log of a run each stands at its step. */
export type AgentEvent = WithoutPlace<DetailEvent>;

/** One kind of {@link AgentEvent}. */
export type AgentEventOf<Type extends AgentEvent["type"]> = Extract<AgentEvent, { type: Type }>;
