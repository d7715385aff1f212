import { adapters } from "./requirements/adapters.ts";
import { durableProofs } from "./requirements/durable-proofs.ts";
import { examples } from "./requirements/examples.ts";
import { firstLight } from "./requirements/first-light.ts";
import { flux } from "./requirements/flux.ts";
import { gatewaySafety } from "./requirements/gateway-safety.ts";
import { gateway } from "./requirements/gateway.ts";
import { gatewayMcp } from "./requirements/gateway-mcp.ts";
import { gatewayMore } from "./requirements/gateway-more.ts";
import { gatewayWild } from "./requirements/gateway-wild.ts";
import { gatewayOperate } from "./requirements/gateway-operate.ts";
import { gatewayPlane } from "./requirements/gateway-plane.ts";
import { gatewayRest } from "./requirements/gateway-rest.ts";
import { gatewaySee } from "./requirements/gateway-see.ts";
import { hpc } from "./requirements/hpc.ts";
import { hpcContainers } from "./requirements/hpc-containers.ts";
import { jobspec } from "./requirements/jobspec.ts";
import { mcpserverWild } from "./requirements/mcpserver-wild.ts";
import { mcpserver } from "./requirements/mcpserver.ts";
import { models } from "./requirements/models.ts";
import { mount } from "./requirements/mount.ts";
import { orchestrator } from "./requirements/orchestrator.ts";
import { page } from "./requirements/page.ts";
import { planInterfaces } from "./requirements/plan-interfaces.ts";
import { plansWild } from "./requirements/plans-wild.ts";
import { plans } from "./requirements/plans.ts";
import { plansMore } from "./requirements/plans-more.ts";
import { robust } from "./requirements/robust.ts";
import { routes } from "./requirements/routes.ts";
import { tensorpool } from "./requirements/tensorpool.ts";

/**
 * What Parley promises, each line with where it was promised. Every line is cited by a test, and a test that
 * cites an id nobody promised does not compile. Ids are never reused.
 */
export const requirements = {
  ...adapters,
  ...durableProofs,
  ...examples,
  ...firstLight,
  ...flux,
  ...gateway,
  ...gatewayMcp,
  ...gatewayMore,
  ...gatewayWild,
  ...mcpserverWild,
  ...plansWild,
  ...gatewayOperate,
  ...gatewaySafety,
  ...gatewayPlane,
  ...gatewayRest,
  ...gatewaySee,
  ...hpc,
  ...hpcContainers,
  ...jobspec,
  ...mcpserver,
  ...models,
  ...mount,
  ...orchestrator,
  ...page,
  ...planInterfaces,
  ...plans,
  ...plansMore,
  ...robust,
  ...routes,
  ...tensorpool,
} as const;

/** Id of a promise. */
export type RequirementId = keyof typeof requirements;
