import { formatDuration } from "@parley/core";
import type { Io } from "@parley/cli";
import { renderTable } from "@parley/cli/table";
import { clean } from "./clean.ts";
import type { Offer } from "./offer.ts";

/** The answers of the sites, one row each. */
export function renderOffers(offers: readonly Offer[], io: Pick<Io, "colors" | "width">): string {
  return renderTable({
    head: ["Worker", "Verdict", "Wait", "Cost", "Why"],
    rows: offers.map((offer) => [
      clean(offer.workerId, 40),
      verdictText(offer, io),
      ...priceTexts(offer),
      whyText(offer),
    ]),
    width: io.width,
    colors: io.colors,
  });
}

/** Every clause of every site. */
export function renderClauses(offers: readonly Offer[], io: Pick<Io, "colors">): string {
  return offers
    .filter(({ clauses }) => clauses.length > 0)
    .map(({ workerId, clauses }) =>
      [
        io.colors.bold(clean(workerId, 63)),
        ...clauses.map(({ path, need, have, outcome, importance }) => {
          const soft = importance === "preferred" ? " (preferred)" : "";
          return `  ${outcome.padEnd(10)} ${clean(path, 40)}${soft}: needs ${clean(need)}: ${clean(have)}`;
        }),
      ].join("\n"),
    )
    .join("\n");
}

export function colored(verdict: string, { colors }: Pick<Io, "colors">): string {
  if (verdict === "READY") return colors.green(verdict);
  if (verdict === "BUSY" || verdict === "RESTRICTED") return colors.yellow(verdict);
  return verdict === "UNKNOWN" ? colors.dim(verdict) : colors.red(verdict);
}

function verdictText(offer: Offer, io: Pick<Io, "colors">): string {
  const verdict = colored(offer.verdict, io);
  return offer.claim === undefined ? verdict : `${verdict} (claims ${offer.claim})`;
}

/** Wait and cost, of sites that can take the job: elsewhere they would mean nothing. */
function priceTexts({ verdict, startSeconds, cost }: Offer): [string, string] {
  if (verdict !== "READY" && verdict !== "BUSY") return ["-", "-"];
  const wait = startSeconds === 0 ? "none" : formatDuration(startSeconds ?? 0);
  return [
    startSeconds === undefined ? "-" : wait,
    cost === undefined ? "-" : `${cost.amount.toFixed(2)} ${clean(cost.currency, 5)}`,
  ];
}

function whyText({ why }: Offer): string {
  return clean(why.slice(0, 4).join("; "), 300) || "-";
}
