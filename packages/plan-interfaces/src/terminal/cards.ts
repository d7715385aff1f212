import { Box, Text } from "ink";
import { createElement as h } from "react";
import type { FunctionComponent } from "react";
import type { RunCard, StepCard } from "../view.ts";
import { elapsed, latest, marks, oneLine } from "./words.ts";

/** What every part of the screen is drawn with. */
export interface Look {
  readonly now: number;
  readonly width: number;
  readonly colour: boolean;
}

/** Steps beyond these are counted and not drawn. */
const mostSteps = 24;

const Card: FunctionComponent<Look & { readonly step: StepCard }> = ({ step, now, width, colour }) => {
  const [sign, hue] = marks[step.state];
  const said = latest(step);
  const tries = step.attempt > 1 ? ` attempt ${step.attempt} of ${step.maxAttempts}` : "";
  const visits = step.visit > 1 ? ` visit ${step.visit}` : "";
  return h(
    Box,
    { flexDirection: "column" },
    h(
      Text,
      { wrap: "truncate", bold: step.state === "running", dimColor: step.state === "waiting" },
      h(Text, colour ? { color: hue } : {}, sign),
      ` ${oneLine(step.name, 40)}  ${step.type}${step.target === undefined ? "" : ` ${oneLine(step.target, 40)}`}`,
      `${visits}${tries}  ${elapsed(step, now)}`,
    ),
    said === "" ? undefined : h(Text, { dimColor: true, wrap: "truncate" }, `  ${oneLine(said, width - 4)}`),
  );
};

/** A plan and its steps: those around the one that runs, where there are many. */
export const Run: FunctionComponent<Look & { readonly run: RunCard }> = ({ run, ...look }) => {
  const busy = run.steps.findIndex(({ state }) => state === "running");
  const from = Math.max(0, Math.min(busy - mostSteps + 4, run.steps.length - mostSteps));
  const shown = run.steps.slice(from, from + mostSteps);
  const left = run.steps.length - shown.length;
  const title = run.key === "" ? run.plan.name : `${run.key}: ${run.plan.name}`;
  return h(
    Box,
    {
      flexDirection: "column",
      borderStyle: "round",
      paddingX: 1,
      ...(look.colour ? { borderColor: "gray" } : {}),
    },
    h(Text, { bold: true, wrap: "truncate" }, `${oneLine(title, look.width - 24)}  ${statusOf(run)}`),
    ...shown.map((step) => h(Card, { key: step.name, step, ...look })),
    left === 0 ? undefined : h(Text, { dimColor: true }, `and ${left} more ${left === 1 ? "step" : "steps"}`),
    run.error === undefined ? undefined : h(Text, { wrap: "wrap" }, oneLine(run.error.message, 600)),
  );
};

function statusOf({ status, resumed }: RunCard): string {
  if (status === "running") return resumed ? "running, resumed" : "running";
  return { success: "done", failure: "failed", stopped: "stopped; it can be resumed" }[status];
}
