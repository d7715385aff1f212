import {
  annotationFaults,
  confirmFaults,
  descriptionFaults,
  nameFaults,
  outputFaults,
  promptFaults,
  resultFaults,
  secretFaults,
} from "@parley/testing";
import { toolResult } from "@parley/tool-registry";
import type { Tool } from "@parley/tool-registry";
import { describe, expect, it } from "vitest";

const argument = { type: "string", description: "Where, for example: /tmp" };

const good: Tool = {
  name: "look",
  description: "Looks.",
  inputSchema: { type: "object", properties: { path: argument } },
  outputSchema: { type: "object" },
  annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
  async call() {
    return toolResult({ text: "seen" });
  },
};
const act: Tool = {
  ...good,
  name: "remove",
  scope: "dispatch",
  inputSchema: { type: "object", properties: { confirm: { type: "boolean" } } },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
};

function withProperties(
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = [],
): Tool {
  return { ...act, inputSchema: { type: "object", properties, required } };
}

describe("[ADP-08] the rules of adapters", () => {
  it("find nothing where they are kept", () => {
    expect(nameFaults([good, act])).toEqual([]);
    expect(descriptionFaults(good)).toEqual([]);
    expect([good, act].flatMap(annotationFaults)).toEqual([]);
    expect([good, act].flatMap(confirmFaults)).toEqual([]);
    expect(outputFaults(good, [])).toEqual([]);
    expect(resultFaults("look", toolResult({ text: "one file", structured: { files: 1 } }))).toEqual([]);
    expect(promptFaults({ name: "p", description: "Asks.", get: async () => ({ messages: [] }) })).toEqual(
      [],
    );
  });

  it.each<[string, readonly string[]]>([
    ["two of a name", nameFaults([good, good])],
    ["65 letters", nameFaults([{ name: "a".repeat(65) }])],
    ["a space", nameFaults([{ name: "a b" }])],
    ["no description", descriptionFaults({ ...good, description: " " })],
    ["an argument without one", descriptionFaults(withProperties({ path: { type: "string" } }))],
    ["an argument without an example", descriptionFaults(withProperties({ path: { description: "Where" } }))],
    [
      "a hint too few",
      annotationFaults({ ...good, annotations: { readOnlyHint: true, openWorldHint: false } }),
    ],
    ["no hints", annotationFaults({ ...good, annotations: undefined })],
    [
      "reading and destroying",
      annotationFaults({ ...act, annotations: { ...act.annotations, readOnlyHint: true } }),
    ],
    ["acting with read alone", annotationFaults({ ...act, scope: undefined })],
    ["no confirm", confirmFaults(withProperties({}))],
    ["confirm as text", confirmFaults(withProperties({ confirm: { type: "string" } }))],
    ["confirm required", confirmFaults(withProperties({ confirm: { type: "boolean" } }, ["confirm"]))],
    ["no output schema", outputFaults({ ...good, outputSchema: undefined }, [])],
    ["an array", outputFaults({ ...good, outputSchema: { type: "array" } }, [])],
    ["a schema nobody expects", outputFaults(good, ["look"])],
    ["no text", resultFaults("look", { content: [], structuredContent: {} })],
    ["the JSON again", resultFaults("look", toolResult({ structured: { files: 1 } }))],
    ["far too much", resultFaults("look", toolResult({ text: "x".repeat(500_000) }))],
    ["a secret", secretFaults("look", toolResult({ text: 'token "s3cr\\et"' }), ["other", "s3cr\\et"])],
    ["a prompt unsaid", promptFaults({ name: "p", get: async () => ({ messages: [] }) })],
    [
      "its argument unsaid",
      promptFaults({
        name: "p",
        description: "Asks.",
        arguments: [{ name: "what" }],
        get: async () => ({ messages: [] }),
      }),
    ],
  ])("find %s", (_what, faults) => {
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join()).not.toContain("s3cr");
  });
});
