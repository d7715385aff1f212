/** Numbers of the signals of Linux that a job may get as a warning. */
export const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  USR1: 10,
  USR2: 12,
  ALRM: 14,
  TERM: 15,
  CONT: 18,
};

/** The name of a signal by its number, or the number itself. */
export const signalName = (number: string): string =>
  Object.entries(signalNumbers).find(([, value]) => String(value) === number)?.[0] ?? number;
