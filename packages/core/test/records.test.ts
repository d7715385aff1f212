import {
  JobRequirements,
  JobSpec,
  Plan,
  Registration,
  isTerminal,
  recordJsonSchema,
  records,
} from "@parley/core";
import type { JobState } from "@parley/core";
import { describe, expect, test } from "vitest";

describe("job-requirements/1", () => {
  const minimal = { schema: "job-requirements/1" };

  test("fills in what is always there, and nothing else", () => {
    expect(JobRequirements.parse(minimal)).toEqual({
      schema: "job-requirements/1",
      intent: "run",
      unresolved: [],
    });
  });

  test.each([
    ["a field nobody knows", { ...minimal, colour: "red" }],
    ["an empty range", { ...minimal, compute: { nodes: {} } }],
    ["a range the wrong way round", { ...minimal, compute: { nodes: { min: 3, max: 2 } } }],
    ["no nodes at all", { ...minimal, compute: { nodes: { min: 0 } } }],
    ["another format", { schema: "job-requirements/2" }],
  ])("refuses %s", (_what, value) => {
    expect(JobRequirements.safeParse(value).success).toBe(false);
  });
});

describe("plans", () => {
  const step = { name: "build", type: "tool", tool: "docker_build_container" };

  test("take the seed's form", () => {
    const plan = {
      name: "p",
      steps: [step, { name: "fix", type: "prompt", prompt: "fix", transitions: { success: "build" } }],
    };
    expect(Plan.safeParse(plan).success).toBe(true);
  });

  test.each([
    [
      "a transition to nowhere",
      [{ ...step, transitions: { failed: "nowhere" } }],
      "steps.0.transitions.failed",
    ],
    ["two steps of one name", [step, step], "steps.1.name"],
    ["a step named like an end", [{ ...step, name: "success" }], "steps.0.name"],
    ["a tool step without its tool", [{ name: "x", type: "tool" }], "steps.0"],
  ])("refuse %s, and say where", (_what, steps, path) => {
    const { error } = Plan.safeParse({ name: "p", steps });
    expect(error?.issues.map((issue) => issue.path.join("."))).toContain(path);
  });
});

describe("registrations", () => {
  const body = { id: "10", url: "http://127.0.0.1:7777/mcp" };

  test("take the seed's body as it is", () => {
    expect(Registration.parse({ ...body, labels: { gpu: "h100" }, manifest: {} }).labels).toEqual({
      gpu: "h100",
    });
  });

  test.each([
    ["a file address", { ...body, url: "file:///etc/passwd" }],
    ["an id that is a path", { ...body, id: "../x" }],
    ["an id of 64 characters", { ...body, id: "x".repeat(64) }],
    ["a short credential", { ...body, credential: "short" }],
  ])("refuse %s", (_what, value) => {
    expect(Registration.safeParse(value).success).toBe(false);
  });
});

test("a job spec is an argument array and never empty", () => {
  expect(JobSpec.safeParse({ command: [] }).success).toBe(false);
  expect(JobSpec.safeParse({ command: "hostname; rm -rf /" }).success).toBe(false);
  expect(JobSpec.parse({ command: ["hostname"] }).resources).toEqual({});
});

test("three states are the end of a job", () => {
  const states: JobState[] = ["NEW", "QUEUED", "ACTIVE", "COMPLETED", "FAILED", "CANCELED", "UNKNOWN"];
  expect(states.filter((state) => isTerminal(state))).toEqual(["COMPLETED", "FAILED", "CANCELED"]);
});

test.each(Object.keys(records) as (keyof typeof records)[])("%s has a JSON Schema", (name) => {
  expect(recordJsonSchema(name)).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema" });
});
