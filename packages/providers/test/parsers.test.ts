import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRate } from "../src/network/_ports.ts";
import { parseDf } from "../src/storage/_capacity.ts";
import { mountOf, parseMounts, visibleMounts } from "../src/storage/_mounts.ts";
import { parseQuota, parseStripe } from "../src/storage/lustre.ts";
import { parseMeminfo } from "../src/hardware/memory.ts";
import { parseMigSlices, parseNvidiaCsv } from "../src/hardware/_nvidia-smi.ts";
import { parseRocmSmi } from "../src/hardware/_rocm-smi.ts";
import { parseCpuInfo } from "../src/hardware/_cpuinfo.ts";
import { parseCacheList } from "../src/container/_cache.ts";
import { parseImages } from "../src/container/_images.ts";
import { parseVersion } from "../src/container/_version.ts";
import { parseOmpiInfo } from "../src/parallel/openmpi.ts";
import { parseMpichVersion } from "../src/parallel/mpich.ts";
import { parseTerseModules } from "@parley/engines/software";
import { readModule } from "../src/software/_module-names.ts";
import { readSpackSpecs } from "../src/software/_spack-find.ts";
import { parseShow } from "../src/software/pip.ts";
import { matchSoftware } from "../src/software/_match.ts";
import { isSafeName, oneLine } from "../src/_command.ts";

const noise = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789.:/ \t\nabGM-[]{}",\\()')) }),
);

test.each<[string, (text: string) => unknown]>([
  ["cpuinfo", parseCpuInfo],
  ["meminfo", parseMeminfo],
  ["mounts", parseMounts],
  ["df", parseDf],
  ["nvidia-smi", parseNvidiaCsv],
  ["nvidia-smi -L", parseMigSlices],
  ["rocm-smi", parseRocmSmi],
  ["rate", parseRate],
  ["cache list", parseCacheList],
  ["images", parseImages],
  ["version", parseVersion],
  ["ompi_info", parseOmpiInfo],
  ["mpichversion", parseMpichVersion],
  ["modules", (text) => parseTerseModules(text).map(readModule)],
  ["pip show", parseShow],
  ["quota", parseQuota],
  ["stripe", parseStripe],
])("the %s parser takes anything", (_name, parse) => {
  fc.assert(
    fc.property(noise, (text) => {
      expect(() => parse(text)).not.toThrow();
    }),
    { numRuns: 200 },
  );
});

const escape = (text: string): string =>
  text.replace(/[ \t\n\\#]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`);

describe("mounts", () => {
  const path = fc
    .array(
      fc.string({
        unit: fc.constantFrom("a", "é", " ", "\t", "\\", "\n", "#", "0"),
        minLength: 1,
        maxLength: 6,
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((parts) => `/${parts.join("/")}`);
  test("any path survives the kernel's escapes", () => {
    fc.assert(
      fc.property(path, (at) => {
        expect(parseMounts(`src ${escape(at)} xfs ro,noatime 0 0\n`)).toEqual([
          { source: "src", path: at, type: "xfs", readOnly: true },
        ]);
      }),
    );
  });

  test("a path lies on its deepest mount, and never on a mount that only shares letters", () => {
    const mounts = parseMounts("a / ext4 rw 0 0\nb /data nfs rw 0 0\nc /data/fast lustre rw 0 0\n");
    expect(mountOf(mounts, "/data/fast/x")?.type).toBe("lustre");
    expect(mountOf(mounts, "/data")?.type).toBe("nfs");
    expect(mountOf(mounts, "/database")?.type).toBe("ext4");
    expect(mountOf([], "/x")).toBeUndefined();
  });

  test("of mounts on one path the last is seen", () => {
    const mounts = visibleMounts(parseMounts("auto /home autofs rw 0 0\nfiler /home nfs4 rw 0 0\n"));
    expect(mounts.map((mount) => mount.type)).toEqual(["nfs4"]);
  });
});

describe("df", () => {
  test("reads sizes, also with blanks in the mount point and no percentage", () => {
    const header = "Filesystem 1024-blocks Used Available Capacity Mounted on\n";
    expect(parseDf(`${header}/dev/x 10 4 6 40% /a b\n`)).toEqual({ totalBytes: 10_240, freeBytes: 6144 });
    expect(parseDf(`${header}filer:/a 10 - -6 - /a\n`)).toEqual({ totalBytes: 10_240, freeBytes: 0 });
    expect(parseDf(header)).toBeUndefined();
  });
});

const readParts = (module: string): unknown =>
  readModule(module).map(({ name, version, with: features }) => [name, version, features]);

describe("modules", () => {
  test.each([
    ["gcc/12.3", [["gcc", "12.3", undefined]]],
    ["gcc", [["gcc", undefined, undefined]]],
    ["intel/latest", [["intel", "latest", undefined]]],
    ["compilers/gcc/12.3", [["gcc", "12.3", undefined]]],
    ["chem/lammps/2023", [["lammps", "2023", undefined]]],
    ["openmpi/gcc/64/4.1.5", [["openmpi", "4.1.5", undefined]]],
    ["openmpi/4.1/gcc-12", [["openmpi", "4.1", undefined]]],
    ["LAMMPS/23Jun2022-foss-2022b-kokkos", [["LAMMPS", "23Jun2022", ["foss", "kokkos"]]]],
    ["slepc/3.20-rc1", [["slepc", "3.20-rc1", undefined]]],
    ["mpi/4.1", [["mpi", "4.1", undefined]]],
    [
      "site/abinit/9.8",
      [
        ["site", "9.8", undefined],
        ["abinit", "9.8", undefined],
      ],
    ],
  ])("%s", (module, expected) => {
    expect(readParts(module)).toEqual(expected);
  });

  test("keeps names out of listings with headings, families, defaults and prose", () => {
    const text =
      "/srv/modules:\ngcc/\ngcc/12.3(default)\r\nR/4.3 <L>\n-- note --\nNo modules $(id)\ngcc/12.3\n";
    expect(parseTerseModules(text)).toEqual(["gcc/12.3", "R/4.3"]);
  });

  test("every plain name/version reads back", () => {
    const name = fc
      .stringMatching(/^[a-z]{3,10}[0-9]?$/)
      .filter((text) => readModule(`${text}/1`).length === 1);
    const version = fc.stringMatching(/^[0-9]{1,2}\.[0-9]{1,2}$/);
    fc.assert(
      fc.property(name, version, (software, release) => {
        expect(readModule(`${software}/${release}`)).toEqual([
          { name: software, version: release, with: undefined, location: `${software}/${release}` },
        ]);
      }),
    );
  });
});

describe("spack", () => {
  test("any subset of the fields of a spec is a listing", () => {
    const spec = fc.record(
      {
        name: fc.string({ minLength: 1, maxLength: 20 }),
        version: fc.string({ maxLength: 20 }),
        hash: fc.string({ maxLength: 40 }),
        parameters: fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue()),
        compiler: fc.jsonValue(),
      },
      { requiredKeys: ["name"] },
    );
    fc.assert(
      fc.property(fc.array(spec), (specs) => {
        expect(readSpackSpecs(specs)?.map((item) => item.name)).toEqual(specs.map((item) => item.name));
      }),
    );
  });

  test("variants that are on are named, bookkeeping and what is off are not", () => {
    const parameters = {
      kokkos: true,
      cuda: false,
      cuda_arch: ["80", "none"],
      fabrics: "ucx",
      build_type: "Release",
      cflags: ["-O3"],
      odd: { a: 1 },
    };
    expect(readSpackSpecs([{ name: "lammps", version: "2023", hash: "abcdefghij", parameters }])).toEqual([
      {
        name: "lammps",
        version: "2023",
        with: ["kokkos", "cuda_arch=80", "fabrics=ucx"],
        location: "lammps@2023/abcdefg",
      },
    ]);
    expect(readSpackSpecs({ name: "lammps" })).toBeUndefined();
    expect(readSpackSpecs([{ version: "1" }])).toBeUndefined();
  });
});

describe("names", () => {
  test("match whole and whatever their case", () => {
    const items = [{ name: "pytorch-lightning" }, { name: "PyTorch" }, { name: "scikit_learn" }];
    expect(matchSoftware(items, ["pytorch"])).toEqual([{ name: "PyTorch" }]);
    expect(matchSoftware(items, ["scikit-learn"])).toEqual([]);
    expect(matchSoftware(items, ["scikit-learn"], "python")).toEqual([{ name: "scikit_learn" }]);
  });

  test("are safe only without dash in front, blank, slash or shell sign", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isSafeName(text)).toBe(
          /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(text) && !text.includes("\n"),
        );
      }),
    );
    expect(isSafeName("gcc\n")).toBe(false);
  });

  test("of others are shown in one short line without escapes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const line = oneLine(text);
        expect(line.length).toBeLessThanOrEqual(200);
        // oxlint-disable-next-line no-control-regex -- what must not occur
        expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      }),
    );
  });
});
