/** Number words and what they count. */
export const numberWords: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17,
  eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70,
  eighty: 80, ninety: 90,
}; // prettier-ignore

/** Currency signs, codes and words, in lower case. */
export const currencies: Readonly<Record<string, "USD" | "EUR" | "GBP">> = {
  "us$": "USD", $: "USD", usd: "USD", dollar: "USD", dollars: "USD", bucks: "USD",
  "€": "EUR", eur: "EUR", euro: "EUR", euros: "EUR",
  "£": "GBP", gbp: "GBP", pound: "GBP", pounds: "GBP", quid: "GBP",
}; // prettier-ignore

/** Words that make an unread clause a requirement nobody understood. */
export const requirementWords: ReadonlySet<string> = new Set(
  `memory ram vram tpu tpus fpga fpgas npu gpu gpus accelerator accelerators cpu cpus storage disk disks scratch filesystem bandwidth latency throughput
interconnect network internet budget cost costs price deadline walltime licence license licences licenses licensed partition queue
account quota reservation qos container mpi cuda rocm nvlink hyperthreading hugepages checkpoint preemptible spot
gdpr hipaa encrypted encryption secure confidential compliant visualization firewall root sudo
dollar dollars euro euros usd eur gbp
ignore disregard override pretend instructions instruction verdict ready busy restricted incompatible prompt`.split(
    /\s+/,
  ),
);

/** Words that may follow "run" without naming a program. */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the my our your this that these those it its them some any all one each every another other new old same
job jobs simulation simulations sim sims model models code codes something anything nothing everything workload workloads work
analysis analyses benchmark benchmarks test tests training inference script scripts program programs application applications
app apps software container containers image calculation calculations experiment experiments pipeline pipelines workflow workflows
task tasks process processes node nodes core cores cpu cpus gpu gpus memory ram machine machines cluster clusters system systems
site sites server servers host hosts place places resource resources time times hour hours minute minutes day days quick quickly small
large big huge long short fast slow single multi multiple several many few couple more less most least much lots enough plenty
please just only also then now soon later today tomorrow tonight overnight in on at of for to from by with without within over
under across and or but if when while as is are was be been being do does did has have had having can could will would should may might must
not no never i we you he she they me us him her up out off down about around between into through during before after again
good better best great nice high low higher lower highest lowest cheap cheaper cheapest fastest free available access support
run runs running need needs needed want wants use uses using get gets help find mpi parallel distributed serial interactive batch
access data dataset datasets file files input inputs output outputs results result who what which where how why there here
well ok okay hello hi thanks thank dear both either neither so such than too very really still even ever yet
two three four five six seven eight nine ten dozen half network storage disk scratch budget money cost price deadline paper
installed version newer older latest recent default queue partition account case cases set sets array step steps part parts study
production research project projects science fluid dynamics molecular weather climate deep machine-learning learning neural
things thing stuff lot bit kind sort large-scale multi-node single-node gpu-enabled gpu-accelerated cpu-only hybrid custom own
python-based based compute computing computation computations space room bandwidth latency interconnect wall runtime
command commands following someone somewhere anywhere everyone everywhere nobody`.split(/\s+/),
);

/** Plain utilities every site has: "run hostname" means the command itself. */
export const utilities: ReadonlySet<string> = new Set(
  `hostname date uname whoami uptime id env printenv lscpu nproc free df pwd ls true false sleep echo nvidia-smi rocm-smi lsblk`.split(
    /\s+/,
  ),
);

/** Application names that are everyday words: read as software only beside a version or straight after a verb of running. */
export const everydayNames: ReadonlySet<string> = new Set(
  `grid root star stream moose flash gene epoch icon nemo chroma snap salmon diamond muscle trinity ray spark triton orca elk
rosetta boost eigen metis visit stress tau hip lightning beast vina serpent amber fluent canu espresso foam osu amg go git
athena castro nyx osiris alya transformers pennant rapids scip scotch raja mb qs sander rust chapel enzo mpas salmon bash`.split(
    /\s+/,
  ),
);
