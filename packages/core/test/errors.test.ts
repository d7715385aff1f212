import { ExitCode, ParleyError, errorTable, toParleyError } from "@parley/core";
import { describe, expect, test } from "vitest";

describe("the error table", () => {
  test("is in alphabetical order, and every code says when it happens", () => {
    const codes = Object.keys(errorTable);
    expect(codes).toEqual(codes.toSorted());
    for (const [code, { status, when }] of Object.entries(errorTable)) {
      expect(code).toMatch(/^E_[A-Z]+(_[A-Z]+)*$/);
      expect(when).toMatch(/^[a-z]/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  test("uses only the settled exit codes", () => {
    const settled = new Set<number>(Object.values(ExitCode));
    for (const { exit } of Object.values(errorTable)) expect(settled).toContain(exit);
  });
});

describe("ParleyError", () => {
  test("is known by its brand, also across copies of the package", () => {
    const foreign = Object.assign(new Error("x"), { [Symbol.for("parley.error")]: true });
    expect(ParleyError.isInstance(new ParleyError("E_INTERNAL", "x"))).toBe(true);
    expect(ParleyError.isInstance(foreign)).toBe(true);
    expect(ParleyError.isInstance(new Error("x"))).toBe(false);
    expect(ParleyError.isInstance(undefined)).toBe(false);
  });

  test("takes status, exit code and retryability from the table unless told otherwise", () => {
    const error = new ParleyError("E_ENGINE_UNREACHABLE", "slurmctld does not answer");
    expect([error.status, error.exitCode, error.retryable]).toEqual([503, 4, true]);
    expect(new ParleyError("E_ENGINE_UNREACHABLE", "x", { retryable: false }).retryable).toBe(false);
    expect(error.name).toBe("ParleyError");
  });

  test("crosses a wire as code, message, retryability and details", () => {
    const plain = new ParleyError("E_JOB_UNKNOWN", "No job x.");
    expect(plain.toJSON()).toEqual({ code: "E_JOB_UNKNOWN", message: "No job x.", retryable: false });
    const detailed = new ParleyError("E_JOB_UNKNOWN", "No job x.", { details: { id: "x" } });
    expect(JSON.parse(JSON.stringify(detailed))).toMatchObject({ details: { id: "x" } });
  });
});

describe("toParleyError", () => {
  test("keeps one that is one, and wraps anything else with its cause", () => {
    const own = new ParleyError("E_INTERNAL", "x");
    expect(toParleyError(own)).toBe(own);
    const cause = new TypeError("bad");
    expect(toParleyError(cause, "E_TOOL_FAILED")).toMatchObject({
      code: "E_TOOL_FAILED",
      message: "bad",
      cause,
    });
    expect(toParleyError("bad").message).toBe("bad");
  });

  test("[ROB-32] says what it can of whatever is thrown", () => {
    const said = (value: unknown) => toParleyError(value).message;
    expect([said(5), said({ message: "m" }), said({ a: 1 }), said(new TypeError())]).toEqual([
      "5",
      "m",
      '{"a":1}',
      "TypeError",
    ]);
    const nothing = "It failed and says nothing of why.";
    const circle: unknown[] = [];
    circle.push(circle);
    for (const value of [undefined, null, "", circle, { toJSON: () => undefined }])
      expect(said(value)).toBe(nothing);
    expect(said(Object.create(null))).toBe("{}");
  });

  test("reads an abort as an interruption", () => {
    expect(toParleyError(new DOMException("aborted", "AbortError")).code).toBe("E_INTERRUPTED");
  });
});
