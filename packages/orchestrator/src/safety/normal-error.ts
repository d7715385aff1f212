/** An error's words without what differs from one occurrence to the next: quoted texts, numbers, ids, paths' last parts. */
export function normalError(message: string): string {
  return message
    .slice(0, 1000)
    .toLowerCase()
    .replaceAll(/"[^"]{0,200}"|'[^']{0,200}'/g, "“”")
    .replaceAll(/\btask_[0-9a-z]+_[0-9a-f]+\b/g, "#")
    .replaceAll(/\b[0-9a-f]{8,}\b/g, "#")
    .replaceAll(/\d+(?:\.\d+)?/g, "#")
    .replaceAll(/\s+/g, " ")
    .trim();
}
