/** A Kubernetes object whose `validate` was compiled from the API's schema. */
interface Checked {
  validate(): void;
}

/**
 * Validates an object and gives the fields its schema does not know, as JSON pointers. A compiled validator reads
 * each property that its schema names, and none that it does not.
 * @throws what `validate` throws.
 */
export function unknownFields(model: Checked): readonly string[] {
  const read = new Set<string>();
  watch(model, "", read).validate();
  return pointers(model, "").filter((path) => !read.has(path));
}

function watch<Data extends object>(data: Data, path: string, read: Set<string>): Data {
  return new Proxy(data, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return value;
      read.add(`${path}/${key}`);
      return value !== null && typeof value === "object" ? watch(value, `${path}/${key}`, read) : value;
    },
  });
}

function pointers(data: object, path: string): string[] {
  return Object.entries(data).flatMap(([key, value]) => {
    const own = `${path}/${key}`;
    return value !== null && typeof value === "object" ? [own, ...pointers(value, own)] : [own];
  });
}
