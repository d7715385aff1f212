/** HPC site tools over MCP: Slurm, containers, Kubernetes, Spack, modules, files, system facts. */

export {};
