const anything: readonly string[] = ["*/*"];

/** The media types of an `Accept` header, those wanted most first; anything where there is none. */
export function acceptedTypes(accept: string | undefined): readonly string[] {
  if (accept === undefined || accept === "*/*") return anything;
  const wanted = accept.split(",", 50).map((part, index) => {
    const [type = "", ...parameters] = part.split(";").map((one) => one.trim().toLowerCase());
    const weight = parameters.find((one) => one.startsWith("q="));
    return { type, index, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  return wanted
    .filter(({ type, weight }) => type !== "" && weight > 0)
    .toSorted((left, right) => right.weight - left.weight || left.index - right.index)
    .map(({ type }) => type);
}

/** Whether a type is wanted more than JSON, which is what everybody gets who does not care. */
export function prefersOverJson(accept: readonly string[], type: string): boolean {
  const [family = ""] = type.split("/");
  for (const wanted of accept) {
    if (wanted === type || wanted === `${family}/*`) return true;
    if (wanted === "application/json" || wanted === "*/*") return false;
  }
  return false;
}
