import type { JobSpec, SoftwareLoad } from "@parley/core";
import type { ClusterModel } from "../model/cluster-model.ts";
import { drawSoftware, locationOf } from "../model/software.ts";

/** A module without its version is the site's default, a package without its version any that is installed. */
function has(model: ClusterModel, { via, name }: SoftwareLoad): boolean {
  if (!model.softwareSources.includes(via)) return false;
  const installed = drawSoftware(model, via);
  return installed.some((item) => locationOf(via, item) === name || (via !== "conda" && item.name === name));
}

/** The first thing a job wants loaded that the site does not have. */
export function missingLoad(model: ClusterModel, { load }: JobSpec): SoftwareLoad | undefined {
  return load.find((item) => !has(model, item));
}
