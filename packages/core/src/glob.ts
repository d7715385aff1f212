/** The names a glob takes: `*` stands for any run of characters, `?` for one. */
export function globPattern(glob: string): RegExp {
  const pattern = glob.replaceAll(/[\\^$.*+?()[\]{}|]/g, (sign) => {
    if (sign === "*") return ".*";
    return sign === "?" ? "." : `\\${sign}`;
  });
  return new RegExp(`^${pattern}$`, "s");
}
