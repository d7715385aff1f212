import type { OperationEntry } from "../operation.ts";
import { dockerBuildContainer } from "./tools/docker-build-container.ts";
import { dockerBuildLog } from "./tools/docker-build-log.ts";
import { dockerInspectImage } from "./tools/docker-inspect-image.ts";
import { dockerListEngines } from "./tools/docker-list-engines.ts";
import { dockerListImages } from "./tools/docker-list-images.ts";
import { dockerLoadImage } from "./tools/docker-load-image.ts";
import { dockerPushContainer } from "./tools/docker-push-container.ts";
import { dockerRemoveImage } from "./tools/docker-remove-image.ts";
import { dockerRunContainer } from "./tools/docker-run-container.ts";
import { dockerSaveImage } from "./tools/docker-save-image.ts";
import { dockerTagImage } from "./tools/docker-tag-image.ts";
import { dockerValidateDockerfile } from "./tools/docker-validate-dockerfile.ts";
import { kindLoad } from "./tools/kind-load.ts";

/** The operations on containers. */
export const containerOperations: readonly OperationEntry[] = [
  dockerValidateDockerfile,
  dockerBuildContainer,
  dockerBuildLog,
  dockerRunContainer,
  dockerListImages,
  dockerInspectImage,
  dockerListEngines,
  dockerTagImage,
  dockerPushContainer,
  dockerSaveImage,
  dockerLoadImage,
  dockerRemoveImage,
  kindLoad,
].map(({ entry }) => entry);
