const joined =
  /(?<![\w./-])(?:num_|n_)?(?:gpus?|nodes?|cores?|cpus?|tasks?|ranks?|threads|mem|memory|ram|wall|run|time|number_of)(?:_(?:per|nodes?|tasks?|ranks?|cores?|gpus?|cpus?|time|limit|count)){1,3}(?=["']? ?[:=])/g;
const quotedKey = /"([a-z][\w -]{0,40})"(?= ?:)/g;

/** `"gpus_per_node": 2` reads as `gpus per node : 2`; the length stays. */
export function plainKeys(text: string): string {
  return text
    .replace(joined, (key) => key.replaceAll("_", " "))
    .replace(quotedKey, (_, key: string) => ` ${key} `);
}
