import type { ProviderContext } from "../provider.ts";

/** One line of `/proc/mounts`. */
export interface Mount {
  readonly source: string;
  readonly path: string;
  readonly type: string;
  readonly readOnly: boolean;
}

/** Reads `/proc/mounts`; octal escapes (`\040` is a space) are undone, lines of another shape passed over. */
export function parseMounts(text: string): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    const [source, path, type, options] = line.split(/[ \t]+/);
    if (source === undefined || path === undefined || type === undefined || options === undefined) continue;
    if (!path.startsWith("/")) continue;
    mounts.push({
      source: unescapeOctal(source),
      path: unescapeOctal(path),
      type,
      readOnly: options.split(",").includes("ro"),
    });
  }
  return mounts;
}

/** Bytes of an octal-escaped kernel string are UTF-8. */
function unescapeOctal(text: string): string {
  return text.replace(/(?:\\[0-3][0-7]{2})+/g, (run) =>
    Buffer.from(
      run
        .split("\\")
        .slice(1)
        .map((digits) => Number.parseInt(digits, 8)),
    ).toString("utf8"),
  );
}

export async function readMounts(context: ProviderContext): Promise<readonly Mount[]> {
  return parseMounts((await context.readText("/proc/mounts")) ?? "");
}

/** The mount a path lies on: the deepest, and of equals the last, which covers the earlier. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter(({ path: at }) => at === "/" || path === at || path.startsWith(`${at}/`))
    .reduce<Mount | undefined>(
      (best, mount) => (best === undefined || mount.path.length >= best.path.length ? mount : best),
      undefined,
    );
}

/** Mounts that are visible: of several on one path only the last. */
export function visibleMounts(mounts: readonly Mount[]): readonly Mount[] {
  return [...new Map(mounts.map((mount) => [mount.path, mount])).values()];
}
