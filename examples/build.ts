// Builds the example apps with arm-none-eabi-gcc: `npm run build:examples`. The same sources give the same bytes in any folder.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../emulator/base/errors.js";
import { parseElf } from "../emulator/formats/elf.js";
import { type PackOptions, pack } from "../emulator/formats/pack.js";
import { writeTab } from "../emulator/formats/tab.js";
import { groupPermissions } from "../emulator/formats/tbf-write.js";
import { BARE_CORES, buildBare } from "./bare/build.js";

type Architecture = "cortex-m0" | "cortex-m4";

export interface App {
  name: string;
  /** Below `examples/`. */
  folder: string;
  /** Below `examples/`: where its sources are, if not in its folder. */
  sources?: string;
  /** Of main.c; the runtime is always `-Os -gdwarf-2`, so that DWARF versions mix as in real apps. */
  flags: readonly string[];
  /** The last one's ELF lies beside the TAB. */
  architectures: readonly Architecture[];
  /** What its TBF header says beside the usual. */
  header?: Pick<PackOptions, "permissions" | "shortId">;
}

const example = (
  name: string,
  flags: readonly string[],
  architectures: readonly Architecture[] = ["cortex-m4"],
): App => ({ name, folder: name, flags, architectures });

const examples: readonly App[] = [
  example("hello", ["-Os", "-gdwarf-2"], ["cortex-m0", "cortex-m4"]),
  example("blink", ["-Os", "-gdwarf-2"], ["cortex-m0", "cortex-m4"]),
  example("lights", ["-Os", "-gdwarf-4"]),
  example("locals", ["-O0", "-gdwarf-5"]),
  example("grants", ["-O0", "-gdwarf-5"]),
  example("crash", ["-Os", "-gdwarf-4"]),
  ...["ipc_service", "ipc_client", "ipc_rng", "ipc_led", "ipc_logic"].map(name => ({
    ...example(name, ["-O0", "-gdwarf-5"]),
    folder: `ipc/${name}`,
  })),
  ...["hostile", "victim"].map(name => ({
    ...example(name, ["-Os", "-gdwarf-4"], ["cortex-m0", "cortex-m4"]),
    folder: `hostile/${name}`,
  })),
];

/** `examples/crash` built to crash in one way at once: letter and name of `crashes.c`. */
const crashes = (root: string): App[] => {
  const text = readFileSync(join(root, "examples/crash/crashes.c"), "utf8");
  return [...text.matchAll(/^ {2}\{ '(\w)', "([\w-]+)", \w+ \},$/gm)].map(([, letter, name]) => ({
    ...example(String(name), ["-Os", "-gdwarf-4", `-DCRASH='${letter}'`]),
    folder: `crash/${name}`,
    sources: "crash",
  }));
};

/** An app that installs another one, which it holds: the other one is built first. */
const loader: readonly App[] = [
  {
    ...example("greeter", ["-Os", "-gdwarf-4"]),
    folder: "loader/greeter",
    header: { shortId: 0xccec0a66 },
  },
  {
    ...example("loader", ["-Os", "-gdwarf-4"]),
    header: {
      permissions: groupPermissions([
        ...[0, 1, 2, 3, 4, 6].map(command => [0x10001, command] as const),
        ...[0, 1, 2, 3, 4, 5, 6].map(command => [0x0, command] as const),
        ...[0, 1].map(command => [0x1, command] as const),
      ]),
    },
  },
];

/** `examples/lessons`, after the Tock book; `thermometer_confined` differs in its header alone. */
const lesson = (folder: string): App => ({
  ...example(folder.split("/").at(-1)!, ["-O0", "-gdwarf-5"]),
  folder: `lessons/${folder}`,
});
const lessons: readonly App[] = [
  lesson("sensor-board"),
  lesson("button-snooping/code_lock"),
  lesson("button-snooping/thermometer"),
  {
    ...lesson("button-snooping/thermometer_confined"),
    sources: "lessons/button-snooping/thermometer",
    header: {
      permissions: groupPermissions([
        [0x0, 1],
        [0x0, 5],
        [0x1, 1],
        [0x60000, 1],
      ]),
    },
  },
  lesson("root-of-trust/encryption_service"),
  lesson("root-of-trust/suspicious_service"),
];

/** One small app for each driver: `examples/tests/NAME`. */
const driverTests = (root: string): App[] =>
  readdirSync(join(root, "examples/tests"), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({
      name,
      folder: `tests/${name}`,
      flags: ["-Os", "-gdwarf-4"],
      architectures: ["cortex-m4"],
    }));

export const appsIn = (root: string): readonly App[] => [
  ...examples,
  ...crashes(root),
  ...loader,
  ...lessons,
  ...driverTests(root),
];

const STACK_SIZE = 2048;
const RUNTIME = "examples/libtock-mini";

const cpu: Record<Architecture, readonly string[]> = {
  "cortex-m0": ["-mcpu=cortex-m0"],
  "cortex-m4": ["-mcpu=cortex-m4"],
};

/** What makes the code position-independent in Tock's way: data is found through r9 alone. */
const code = [
  "-mthumb",
  "-masm-syntax-unified",
  "-mfloat-abi=soft",
  "-fPIC",
  "-msingle-pic-base",
  "-mpic-register=r9",
  "-mno-pic-data-is-text-relative",
];

/** No file of the compiler's own may be named in the debug information, hence no standard headers. */
const language = [
  "-std=gnu17",
  "-ffreestanding",
  "-nostdinc",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-tree-loop-distribute-patterns",
  "-Wall",
  "-Wextra",
  "-Werror",
  `-I${RUNTIME}`,
];

/**
 * Builds `FOLDER/NAME.{elf,tab}` for every app below `root`.
 * @param root the folder that holds `examples/`
 * @throws UserError when there is no compiler
 */
export function buildApps(root: string, report: (line: string) => void = () => {}): void {
  for (const app of appsIn(root)) {
    buildApp(root, app);
    report(`examples/${app.folder}/${app.name}.tab: ${app.architectures.join(", ")}`);
  }
}

/** Builds one app, from `examples/NAME/*.c` below `root`. */
export function buildApp(root: string, app: App): void {
  const folder = join(root, "examples", app.folder);
  const elfs = app.architectures.map(architecture => ({
    architecture,
    path: buildElf(root, app, architecture),
  }));
  const binaries = elfs.map(({ architecture, path }) => ({
    variant: architecture,
    bytes: packElf(path, app),
  }));
  for (const [i, { bytes }] of binaries.entries())
    writeFileSync(elfs[i]!.path.replace(/elf$/, "tbf"), bytes);
  const metadata = { name: app.name, "minimum-tock-kernel-version": "2.1" };
  writeFileSync(join(folder, `${app.name}.tab`), writeTab(metadata, binaries));
  writeFileSync(join(folder, `${app.name}.elf`), readFileSync(elfs.at(-1)!.path));
}

function packElf(path: string, { name, header }: App): Uint8Array {
  const { tbf, warnings } = pack(parseElf(readFileSync(path), path), {
    name,
    kernelVersion: { major: 2, minor: 1 },
    ...header,
  });
  if (warnings.length > 0) throw new UserError(warnings.join("\n"));
  return tbf;
}

/** `FOLDER/build/ARCH/ARCH.elf`, the layout of libtock-c. */
function buildElf(root: string, app: App, architecture: Architecture): string {
  const output = emptied(root, `examples/${app.folder}/build/${architecture}`);
  const elf = `${output}/${architecture}.elf`;
  const { objects, library } = runtimeOf(root, architecture);
  gcc(root, [
    ...common(root, architecture),
    ...objects,
    ...compile(root, `examples/${app.sources ?? app.folder}`, {
      output,
      architecture,
      flags: app.flags,
    }),
    library,
    "-nostdlib",
    ...["-T", `${RUNTIME}/app.ld`],
    `-Wl,--emit-relocs,--gc-sections,--build-id=none,--fatal-warnings,--defsym=STACK_SIZE=${STACK_SIZE}`,
    ...["-o", elf],
  ]);
  return join(root, elf);
}

const common = (root: string, architecture: Architecture): string[] => [
  ...cpu[architecture],
  ...code,
  ...language,
  `-ffile-prefix-map=${root}=.`,
];

function emptied(root: string, folder: string): string {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  return folder;
}

/** The objects of every C file in `folder`, in order of their names. */
const compile = (
  root: string,
  folder: string,
  how: { output: string; architecture: Architecture; flags: readonly string[] },
): string[] =>
  readdirSync(join(root, folder))
    .filter(file => file.endsWith(".c"))
    .sort()
    .map(file => {
      const object = `${how.output}/${folder.split("/").at(-1)}-${file.replace(/c$/, "o")}`;
      const flags = [...common(root, how.architecture), ...how.flags];
      gcc(root, [...flags, "-c", `${folder}/${file}`, "-o", object]);
      return object;
    });

/** What every app is linked with: the objects before its own, the library behind them. */
interface Runtime {
  objects: string[];
  library: string;
}

/** What has been made for all apps of a root, by root and architecture. */
const runtimes = new Map<string, Runtime>();

function runtimeOf(root: string, architecture: Architecture): Runtime {
  const key = `${architecture} in ${root}`;
  const known = runtimes.get(key);
  if (known !== undefined) return known;
  const output = emptied(root, `${RUNTIME}/build/${architecture}`);
  const flags = ["-Os", "-gdwarf-2"];
  const runtime = {
    objects: compile(root, RUNTIME, { output, architecture, flags }),
    library: libgcc(root, output, architecture),
  };
  runtimes.set(key, runtime);
  return runtime;
}

/** The compiler's library of divisions and shifts, without the debug information that names its own sources. */
function libgcc(root: string, output: string, architecture: Architecture): string {
  const original = gcc(root, [...common(root, architecture), "-print-libgcc-file-name"]).trim();
  const stripped = `${output}/libgcc.a`;
  run(root, "arm-none-eabi-objcopy", ["--strip-debug", original, stripped]);
  return stripped;
}

/** Runs the compiler in `root`, so that all names in the debug information are relative to it. */
export const gcc = (root: string, args: readonly string[]): string =>
  run(root, "arm-none-eabi-gcc", args);

function run(root: string, tool: string, args: readonly string[]): string {
  try {
    return execFileSync(tool, args, { cwd: root, encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new UserError(
        `Building the examples needs ${tool} on the PATH (Debian: gcc-arm-none-eabi); the built ones are in the repository.`,
      );
    throw new UserError(`${tool} failed; its message stands above.`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  try {
    buildApps(process.cwd(), line => console.log(line));
    for (const core of BARE_CORES) buildBare(core, "examples/bare");
    console.log(`examples/bare: ${BARE_CORES.join(", ")}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
