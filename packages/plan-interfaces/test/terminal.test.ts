import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createRun, which } from "@parley/exec";
import { openTerminalInterface } from "@parley/plan-interfaces/terminal";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { oneLine, seconds } from "../src/terminal/words.ts";

const tmux = await which("tmux");
const run = createRun({ timeoutMs: 30_000 });
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The program in a terminal of 100 columns. */
async function started() {
  const socket = `parley-${randomUUID()}`;
  const tell = (...args: string[]) => run(["tmux", "-L", socket, ...args]);
  const loader = at("../../../node_modules/tsx/dist/esm/index.mjs");
  const program = [
    process.execPath,
    "--conditions=@parley/source",
    "--import",
    loader,
    at("_terminal-program.ts"),
  ];
  await tell(
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-x",
    "100",
    "-y",
    "44",
    "sh",
    "-c",
    '"$@"; sleep 600',
    "sh",
    ...program,
  );
  onTestFinished(async () => void (await tell("kill-server")));
  const screen = async (): Promise<string> => (await tell("capture-pane", "-p", "-S", "-")).stdout;
  return {
    screen,
    see: (text: string | RegExp) => expect.poll(screen, { timeout: 60_000, interval: 100 }).toMatch(text),
    press: (...keys: string[]) => tell("send-keys", ...keys),
  };
}

const why = tmux === undefined ? " (skipped: no tmux on PATH)" : "";
describe.skipIf(tmux === undefined)(`in a terminal of tmux${why}`, { timeout: 180_000 }, () => {
  test("[PLI-08] draws cards, puts questions one after the other, and leaves the last drawing", async () => {
    const { screen, see, press } = await started();
    await see(/release {2}running/);
    await see(/✔ build {2}tool make/);
    await see(/▶ check {2}prompt review/);
    await see("check: the model is slow");
    await see(/Publish it\?[^]*› 1 yes/);
    await see("1 more to answer after this one");
    await press("Down");
    await see(/› 2 no/);
    await press("Enter");
    await see("Which host?");
    await press("-l", "host one");
    await see("> host one");
    await press("BSpace");
    await see(/> host on +│/);
    await press("Enter");
    await see("answers: no / host on\n");
    await see("raw: false");
    const last = await screen();
    expect(last).toMatch(/release {2}failed/);
    expect(last).toMatch(/✖ publish[^]*no such host/);
    expect(last.match(/release/g)).toHaveLength(1);
  });

  test("[PLI-08] Ctrl-C reaches the run, whose questions end", async () => {
    const { screen, see, press } = await started();
    await see("Publish it?");
    await press("C-c");
    await see(/answers: The run stopped before check\.\w+ was answered/);
    expect(await screen()).toMatch(/raw: false/);
  });
});

test("[PLI-08] where there is no terminal it says which interface to use", () => {
  const [stdin, stdout] = [Object.create(process.stdin), Object.create(process.stdout)];
  Object.defineProperty(stdin, "isTTY", { value: false });
  expect(() => openTerminalInterface({ stdin, stdout, onInterrupt: () => undefined })).toThrow(
    /use --ui cli/,
  );
});

test("[PLI-09] other people's text is one line, fits, and has nothing a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 200 }), (text, width) => {
      const line = oneLine(text, width);
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).not.toMatch(/\p{Cc}/u);
    }),
  );
  expect([seconds(1234), seconds(185_000)]).toEqual(["1.2 s", "3 min 5 s"]);
});
