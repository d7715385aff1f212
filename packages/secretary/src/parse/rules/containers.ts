import { anyOf, containerRuntimes, termReader } from "../../vocabulary/index.ts";
import { union } from "../draft.ts";
import type { Outcome } from "../marks.ts";
import { spelling, type Hit, type Rule } from "../mask.ts";

const runtime = anyOf(containerRuntimes);
const nameOf = termReader(containerRuntimes);
const reference = "[a-z0-9][a-z0-9._-]{0,120}(?:/[a-z0-9][a-z0-9._-]{0,120}){0,8}";
const version = "(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{6,64})?";
const lead =
  "(?:(?:from|using|with|in|inside|deploy|the|use|run|pull|via) )?(?:the |an? |our |my )?(?:(?:container )?image(?: is|:)? )?";

function fillImage(hit: Hit, group: number): Outcome {
  const { draft } = hit.reading;
  const image = spelling(hit, group);
  if (draft.container?.image !== undefined && draft.container.image !== image) return "refused";
  draft.container = { ...draft.container, image };
  return { path: "container.image" };
}

/** Container images and the runtimes that start them. */
export const containerRules: readonly Rule[] = [
  {
    name: "image with a scheme",
    pattern:
      /(?:(?:from|using|with|in|inside|the|use|deploy|pull) )?(?:the )?(?:(?:container )?image(?: is|:)? )?(?<![\w/.-])((?:docker|oras|library|shub|docker-daemon|oci):\/\/[\w./:@-]{1,255}\w)(?: (?:container )?image)?/g,
    read: (hit) => fillImage(hit, 1),
  },
  {
    name: "image from a registry",
    pattern: new RegExp(
      `${lead}(?<![\\w/.:@-])((?:[a-z0-9-]{1,63}\\.){1,6}[a-z]{2,20}(?::\\d{2,5})?/${reference}${version})(?:(?: container)? image)?`,
      "g",
    ),
    read: (hit) => fillImage(hit, 1),
  },
  {
    name: "image file",
    pattern:
      /(?:(?:from|using|with|in|inside|the|use) )?(?:the )?(?:(?:container )?image )?(?<![\w/.:@-])([\w./~-]{1,250}\.(?:sif|simg|sqsh))(?![\w.])(?: (?:container )?image)?/g,
    read: (hit) => fillImage(hit, 1),
  },
  {
    name: "image with a tag",
    pattern: new RegExp(
      `(?:${lead}(?<![\\w/.:@-])(${reference}(?::[\\w][\\w.-]{0,127}|@sha256:[0-9a-f]{6,64}))(?: (?:container|docker|image)){1,2}|(?:(?:container |docker )?image(?: is|:)?|container ?[:=]) (?<![\\w/.:@-])(${reference}${version})(?= |,|$|[.;] ?))`,
      "g",
    ),
    read: (hit) => (hit.groups[1] === undefined ? looksLikeImage(hit) : fillImage(hit, 1)),
  },
  {
    name: "image of a project",
    pattern:
      /(?<![\w/.:@-])([a-z0-9][a-z0-9_-]{1,60}\/[a-z0-9][a-z0-9._-]{1,80}:[a-z0-9][\w.-]{0,60}\w)(?![\w/:])/g,
    read: (hit) => fillImage(hit, 1),
  },
  {
    name: "container runtime",
    pattern: new RegExp(
      `(?:(?:use|using|via|with|under|inside|in|through|by|or|and|have|has|needs?|requires?) )?(?:an? |the )?(?<![\\w/.-])(${runtime})(?![\\w/-]|\\.\\w)(?: containers?(?: runtime)?| runtime| images?)?(?: (?:to (?:run|start|launch)|installed|available|support))?`,
      "g",
    ),
    read: (hit) => {
      const { draft } = hit.reading;
      const name = nameOf(hit.groups[1] ?? "");
      if (name === undefined) return undefined;
      draft.container = { ...draft.container, runtimes: union(draft.container?.runtimes, [name]) };
      return { path: "container.runtimes" };
    },
  },
  {
    name: "any container",
    pattern:
      /(?:(?:in|inside|within|using|with|as) )(?:an? )?(?:container(?:s|ised|ized)?)(?: runtime| support)?(?![\w-])/g,
    read: ({ reading }) => {
      reading.draft.container ??= {};
      return { path: "container" };
    },
  },
];

function looksLikeImage(hit: Hit): Outcome {
  return /[:/@.]/.test(hit.groups[2] ?? "") ? fillImage(hit, 2) : undefined;
}
