import type { FabricModel, MpiModel } from "../model/cluster-model.ts";
import { noArguments, observe, type Facility } from "./_facility.ts";

/** An MPI library of a site, built for its interconnect. */
export function mpiFacility({ impl, version }: MpiModel, fabric: FabricModel): Facility {
  const rdma = fabric.kind === "infiniband";
  const isOpenmpi = impl === "openmpi";
  const openmpi = { pml: rdma ? ["ucx", "ob1"] : ["cm", "ob1"], btl: ["self", "sm", "tcp"], mtl: ["ofi"] };
  const device = rdma ? "ch4:ucx" : "ch4:ofi";
  const details = isOpenmpi ? openmpi : { device };
  const launcher = `/usr/bin/${isOpenmpi ? "mpirun" : "mpiexec"}`;
  const tool = observe({
    name: isOpenmpi ? "get_ompi_config" : "get_mpich_info",
    description: isOpenmpi
      ? "Version of Open MPI, its launcher, and the transports it was built with."
      : "Version of MPICH, its launcher and the communication device it was built with.",
    input: noArguments,
    answer: () => ({ status: "present", version, launcher, ...details }),
  });
  return {
    name: impl,
    category: "parallel",
    metadata: () => ({ version, launcher, ...details }),
    truth: () => (isOpenmpi ? { version, pml: openmpi.pml[0], extra_mca_count: 6 } : { version, device }),
    facts: (_query, record) => ({
      mpi: [{ impl, version, evidence: record(tool.name, { summary: `${impl} ${version}` }) }],
    }),
    tools: [tool],
  };
}
