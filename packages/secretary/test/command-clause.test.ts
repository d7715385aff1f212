import { Facts, JobRequirements } from "@parley/core";
import { evaluate } from "@parley/secretary";
import { describe, expect, test } from "vitest";

const now = Date.parse("2026-11-20T10:00:00Z");
const group = { nodes: 1, availableNodes: 1, idleNodes: 1, coresPerNode: 4, idleCores: 4 };

function site(
  programs: string[] | undefined,
  path?: { scope: "login-node" | "compute-node"; found: string[] },
): Facts {
  return Facts.parse({
    schema: "facts/1",
    workerId: "w",
    observedAt: "2026-11-20T10:00:00.000Z",
    workloads: [
      {
        manager: programs ? "local" : "slurm",
        status: "present",
        canSubmit: true,
        nodeGroups: [group],
        programs,
      },
    ],
    software: path
      ? [
          {
            source: "path",
            status: "present",
            scope: path.scope,
            asked: ["tool"],
            found: path.found.map((name) => ({ name })),
          },
        ]
      : [],
  });
}

function ask(facts: Facts, fields: object): ReturnType<typeof evaluate> {
  const requirements = JobRequirements.parse({
    schema: "job-requirements/1",
    compute: { nodes: { min: 1, max: 1 } },
    ...fields,
  });
  return evaluate(requirements, facts, { now });
}

const command = { execution: { command: "tool --fast" } };

describe("the program of a command", () => {
  test("that the operator allows, by name or path, is met", () => {
    expect(ask(site(["tool"]), command).verdict).toBe("READY");
    expect(ask(site(["/opt/bin/tool"]), command).verdict).toBe("READY");
  });

  test("that the operator does not allow is a rule in the way, with the list", () => {
    const { verdict, reasons } = ask(site(["hostname", "uname"]), command);
    expect(verdict).toBe("RESTRICTED");
    expect(reasons.join()).toContain("allows only hostname and uname");
  });

  test("is judged by the software's name when no command is given", () => {
    expect(ask(site(["hostname"]), { software: [{ name: "tool" }] }).clauses).toContainEqual(
      expect.objectContaining({ path: "execution.command", outcome: "restricted" }),
    );
  });

  test("missing on the node that would run it is unmet; missing on a login node blocks nothing", () => {
    expect(ask(site(undefined, { scope: "compute-node", found: [] }), command).verdict).toBe("INCOMPATIBLE");
    expect(ask(site(undefined, { scope: "login-node", found: [] }), command).verdict).toBe("READY");
    expect(ask(site(undefined, { scope: "login-node", found: ["tool"] }), command).verdict).toBe("READY");
  });

  test("is no question when one only asks, or when an image brings it", () => {
    expect(ask(site(["hostname"]), { ...command, intent: "check" }).verdict).toBe("READY");
    const boxed = ask(site(["hostname"]), { ...command, container: { image: "a/b:1" } });
    expect(boxed.clauses.some(({ path }) => path === "execution.command")).toBe(false);
  });
});
