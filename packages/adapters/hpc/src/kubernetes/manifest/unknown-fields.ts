import type { Model } from "./schemas.ts";

/**
 * Validates an object, and gives the fields its schema does not know as JSON pointers, outermost only. A compiled
 * validator reads each property that its schema names, and none that it does not.
 * @throws what `validate` throws
 */
export function unknownFields(model: Model): readonly string[] {
  const read = new Set<string>();
  try {
    watch(model, "", read).validate();
  } catch {
    // A broken object is read too; what is wrong with it the caller asks for itself.
  }
  return unread(model, "", read);
}

function watch<Data extends object>(data: Data, path: string, read: Set<string>): Data {
  return new Proxy(data, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return value;
      const own = `${path}/${escape(key)}`;
      read.add(own);
      return value !== null && typeof value === "object" ? watch(value, own, read) : value;
    },
  });
}

function unread(data: object, path: string, read: ReadonlySet<string>): string[] {
  return Object.entries(data).flatMap(([key, value]: [string, unknown]) => {
    const own = `${path}/${escape(key)}`;
    if (!read.has(own)) return [own];
    return value !== null && typeof value === "object" ? unread(value, own, read) : [];
  });
}

const escape = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");
