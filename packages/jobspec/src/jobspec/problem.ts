/** One thing wrong with a jobspec. */
export interface JobspecProblem {
  /** JSON pointer: `/resources/0/count`. Empty for the whole document. */
  readonly path: string;
  readonly message: string;
}

/** Collects problems under a path. */
export interface Checker {
  readonly path: string;
  readonly problems: JobspecProblem[];
  say(message: string): void;
  under(key: string | number): Checker;
}

/** Most problems that are listed. */
const maxProblems = 100;

/** Starts a {@link Checker} at the root. */
export function createChecker(problems: JobspecProblem[] = [], path = ""): Checker {
  return {
    path,
    problems,
    say: (message) => {
      if (problems.length < maxProblems) problems.push({ path, message });
    },
    under: (key) =>
      createChecker(problems, `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`),
  };
}
