import { applications, type Application } from "./applications.ts";

const byName = new Map<string, Application>();
for (const application of applications) {
  for (const spelling of [application.name, ...application.aliases, ...application.binaries]) {
    const key = spelling.toLowerCase();
    if (!byName.has(key)) byName.set(key, application);
  }
}
for (const application of applications) byName.set(application.name, application);

/** Finds an application by its name, another spelling of it or one of its executables, in any case. */
export function findApplication(name: string): Application | undefined {
  return byName.get(name.toLowerCase());
}

/**
 * Lists every name a site may know a piece of software by: the name as given, the canonical name, other
 * spellings and executables, each once. A name nobody knows comes back alone.
 */
export function expandSoftwareNames(name: string): string[] {
  const application = findApplication(name);
  if (!application) return [name];
  return [...new Set([name, application.name, ...application.aliases, ...application.binaries])];
}
