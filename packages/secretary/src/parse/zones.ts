/** Time zones by the letters people write behind an hour; `Etc/GMT-1` is one hour east. */
const lettered: Readonly<Record<string, string>> = {
  utc: "UTC", gmt: "UTC", z: "UTC", cet: "Etc/GMT-1", cest: "Etc/GMT-2", bst: "Etc/GMT-1", eet: "Etc/GMT-2", eest: "Etc/GMT-3",
  est: "Etc/GMT+5", edt: "Etc/GMT+4", cst: "Etc/GMT+6", cdt: "Etc/GMT+5", mst: "Etc/GMT+7", mdt: "Etc/GMT+6",
  pst: "Etc/GMT+8", pdt: "Etc/GMT+7", jst: "Etc/GMT-9", aest: "Etc/GMT-10",
}; // prettier-ignore
const letters = Object.keys(lettered).join("|");
const area = "(?:europe|america|asia|africa|australia|pacific|atlantic|etc)/[a-z_/+-]{2,30}\\d{0,2}";

/** The source of a pattern for a time zone behind an hour: `CET`, `UTC+2`, `Europe/Berlin`. No groups. */
export const zoneName = `\\(?(?:(?:utc|gmt) ?[+-]\\d{1,2}(?::?00)?|${letters}|${area})\\)?`;

const behind = new RegExp(
  `(?:(utc|gmt) ?([+-])(\\d{1,2})(?::?00)?|(?<![a-z])(${letters})|(?<![a-z])(${area}))\\)?$`,
);

/** The IANA zone that words about a moment end with; `null` when it names one that does not exist. */
export function readZone(words: string): string | null | undefined {
  const [found, , sign, hours, name, place] = behind.exec(words) ?? [];
  if (found === undefined) return undefined;
  const zone =
    place ?? (name === undefined ? `Etc/GMT${sign === "+" ? "-" : "+"}${Number(hours)}` : lettered[name]);
  return zone !== undefined && exists(zone) ? zone : null;
}

function exists(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone }).format(0);
    return true;
  } catch {
    return false;
  }
}
