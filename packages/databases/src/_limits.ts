/** The most bytes one value may take as JSON: 8 MiB. */
export const maxValueBytes = 8 * 2 ** 20;

/** The most bytes an id, a collection name or a stream name may take as UTF-8. */
export const maxNameBytes = 4096;

/** The most records or entries one call returns. */
export const maxPage = 1000;

/** How deep a value may nest. */
export const maxDepth = 500;
