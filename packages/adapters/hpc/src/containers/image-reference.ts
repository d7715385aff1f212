import { z } from "zod";

const host =
  "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,62})(?:\\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62}){0,16}(?::\\d{1,5})?/)?";
const component = "[a-z0-9]+(?:(?:\\.|_{1,2}|-{1,8})[a-z0-9]+){0,32}";
const reference = new RegExp(
  `^${host}${component}(?:/${component}){0,16}(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Whether a text names an image and nothing else; it never begins with a dash. */
function isImageReference(text: string): boolean {
  return text.length <= 512 && reference.test(text);
}

/** An image by name, with tag or digest. */
export const ImageReference = z.string().refine(isImageReference, "names no image");

/** An image by name or by its local id. */
export const ImageOrId = z
  .string()
  .refine((text) => isImageReference(text) || /^sha256:[0-9a-f]{12,64}$/.test(text), "names no image");
