import type { Archetype } from "../archetype.ts";

type Words = readonly [string, ...string[]];

/** First words of site names. */
export const adjectives: Words = [
  "amber", "ancient", "arctic", "autumn", "azure", "blazing", "bold", "brisk", "bronze", "calm", "cedar",
  "clever", "cobalt", "copper", "coral", "crimson", "curious", "daring", "dusty", "eager", "early", "elder",
  "emerald", "fabled", "fearless", "frosty", "gentle", "gilded", "golden", "granite", "hidden", "humble",
  "icy", "indigo", "ivory", "jade", "jolly", "keen", "late", "lively", "lofty", "lucid", "lunar", "maple",
  "mellow", "merry", "misty", "mossy", "nimble", "noble", "northern", "ochre", "patient", "pearl", "plucky",
  "polar", "proud", "quick", "quiet", "rapid", "restless", "rosy", "rugged", "rustic", "saffron", "scarlet",
  "serene", "sharp", "silent", "silver", "snowy", "solar", "southern", "spry", "steady", "stellar", "stormy",
  "sunny", "swift", "teal", "tidal", "tranquil", "umber", "upland", "velvet", "vernal", "violet", "vivid",
  "wandering", "western", "wild", "windy", "winter", "witty", "woven", "zesty",
]; // prettier-ignore

/** Second words, in the taste of those who name such machines. */
export const nouns: Readonly<Record<Archetype, Words>> = {
  hpc: [
    "albatross", "aurora", "bison", "condor", "cormorant", "falcon", "fjord", "glacier", "heron", "ibex",
    "kestrel", "lynx", "mammoth", "massif", "meteor", "narwhal", "nebula", "orca", "osprey", "puma", "raven",
    "sequoia", "summit", "tundra", "volcano", "walrus",
  ],
  cloud: [
    "breeze", "cirrus", "cumulus", "drift", "drizzle", "gale", "halo", "haze", "horizon", "monsoon", "nimbus",
    "plume", "rainbow", "sky", "squall", "stratus", "thermal", "vapor", "zephyr",
  ],
  standalone: [
    "acorn", "anvil", "badger", "beaver", "cricket", "finch", "hedgehog", "lantern", "magpie", "otter",
    "pebble", "robin", "sparrow", "teapot", "thimble", "toolbox", "wren",
  ],
}; // prettier-ignore

/** Last words: what such a site is called. */
export const suffixes: Readonly<Record<Archetype, Words>> = {
  hpc: ["cluster", "hpc", "super", "system", "peak"],
  cloud: ["cloud", "region", "zone", "pool"],
  standalone: ["box", "desk", "server", "workstation"],
};
