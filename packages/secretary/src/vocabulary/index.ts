export { applications } from "./applications.ts";
export type { Application } from "./applications.ts";
export { expandSoftwareNames, findApplication } from "./find-application.ts";
export { gpuModels } from "./gpu-models.ts";
export {
  anyOf,
  containerRuntimes,
  fabrics,
  fileSystems,
  infinibandGrades,
  mpiImplementations,
  termReader,
  workloadManagers,
} from "./infrastructure.ts";
export { currencies, everydayNames, numberWords, requirementWords, stopWords, utilities } from "./words.ts";
