/** A copy without the properties that are `undefined`: in records, unknown is absent. */
export function withoutUndefined<Value extends object>(value: Value): Value {
  const copy = { ...value };
  for (const [key, field] of Object.entries(copy)) {
    if (field === undefined) Reflect.deleteProperty(copy, key);
  }
  return copy;
}
