import { readFile, stat } from "node:fs/promises";
import { ExitCode, JobRequirements, ParleyError } from "@parley/core";
import type { Selection } from "@parley/core";
import { ExitWith } from "@parley/cli";
import { readProposals } from "@parley/selection";
import { askSites, readAsk, understoodLine } from "../ask.ts";
import { choose, chooseHere } from "../choose.ts";
import type { CommandInput } from "../dependencies.ts";
import { withChoice } from "../open-choice.ts";
import type { Choice } from "../open-choice.ts";
import { commandOptions } from "../options.ts";
import { readOffers } from "../render/offer.ts";
import type { Offer } from "../render/offer.ts";
import { renderClauses } from "../render/proposals.ts";
import { renderSelection } from "../render/selection.ts";
import { readFields } from "../request/fields.ts";
import { understand } from "../request/understood.ts";
import { readWords } from "../request/words.ts";
import { output, readOptions, withHub } from "../session.ts";
import type { Session } from "../session.ts";

const mostBytes = 64 * 2 ** 20;

type Values = ReturnType<typeof readSelectOptions>;

/** Chooses: among answers to a new request, among those of a negotiation, or among those in a file. */
export async function runSelect(input: CommandInput): Promise<void> {
  const values = readSelectOptions(input);
  await withChoice(input, values, async (choice) => {
    const { proposals } = values;
    if (proposals === undefined) await selectFromHub(input, values, choice);
    else await selectFromFile(input, { ...values, proposals }, choice);
  });
}

async function selectFromHub(input: CommandInput, values: Values, choice: Choice): Promise<void> {
  const request = values.negotiation === undefined ? await readAsk(input, values) : undefined;
  if (request === undefined && input.args.length > 0) {
    throw new ParleyError("E_CONFIG_INVALID", "--negotiation has its own request: leave the words out.");
  }
  await withHub(input, async (session) => {
    const asked = request && (await askSites(session, request));
    const id = asked?.negotiation_id ?? values.negotiation ?? "";
    const selection = await choose(session, id, choice);
    const answers = asked ?? (values.explain ? await session.client.negotiation(id, session) : undefined);
    const before = asked === undefined ? "" : understoodLine(asked, session);
    show(session, {
      id,
      selection,
      before,
      offers: values.explain ? readOffers(answers?.proposals ?? {}) : [],
    });
    session.notice(`\nNext: ${session.command(`dispatch ${selection.worker_id} --negotiation ${id}`)}`);
  });
}

function readSelectOptions(input: CommandInput) {
  return readOptions(input, commandOptions.select);
}

async function selectFromFile(
  input: CommandInput,
  values: Values & { readonly proposals: string },
  choice: Choice,
): Promise<void> {
  const { io, dependencies } = input;
  const document: unknown = JSON.parse(await readText(values.proposals));
  const words = await readWords(input.args, dependencies);
  const fields = readFields(values);
  const now = dependencies.clock?.now() ?? Date.now();
  const requirements =
    words === "" && fields === undefined
      ? requirementsIn(document)
      : understand(words, fields, now).requirements;
  const candidates = readProposals(document, { clock: dependencies.clock });
  const selection = await chooseHere(candidates, { ...choice, requirements, signal: io.signal });
  const offers = values.explain ? readOffers(proposalsIn(document)) : [];
  show({ ...output(io, values), io }, { selection, before: "", offers });
}

interface Shown {
  readonly id?: string | undefined;
  readonly selection: Selection;
  readonly before: string;
  readonly offers: readonly Offer[];
}

function show(
  session: Pick<Session, "print" | "notice" | "io">,
  { id, selection, before, offers }: Shown,
): void {
  session.print({ ...(id === undefined ? {} : { negotiation_id: id }), ...selection }, () => {
    const text = before + renderSelection(selection, session.io);
    return offers.length === 0 ? text : `${text}\n\n${renderClauses(offers, session.io)}`;
  });
  if (selection.worker_id === null) throw new ExitWith(ExitCode.unsatisfied);
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new Error("larger than 64 MiB");
    const text = await readFile(path, "utf8");
    JSON.parse(text);
    return text;
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : errorText(error);
    throw new ParleyError("E_SELECT_PROPOSALS", `--proposals ${path}: ${why}.`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory; name the file in it",
  EACCES: "this user may not read it",
};

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const why = "code" in error ? reasons[String(error.code)] : undefined;
  return why ?? error.message;
}

function requirementsIn(document: unknown): JobRequirements {
  const given: unknown =
    typeof document === "object" && document !== null ? Reflect.get(document, "requirements") : undefined;
  const read = JobRequirements.safeParse(given);
  return read.success ? read.data : { schema: "job-requirements/1", intent: "run", unresolved: [] };
}

function proposalsIn(document: unknown): Record<string, Record<string, unknown>> {
  const whole = entriesOf(document);
  const nested = whole["proposals"];
  const entries = typeof nested === "object" && nested !== null ? entriesOf(nested) : whole;
  return Object.fromEntries(Object.entries(entries).map(([worker, entry]) => [worker, entriesOf(entry)]));
}

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
