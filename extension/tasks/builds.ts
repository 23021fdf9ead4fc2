// How an app is built, as data: libtock-c's AppMakefile.mk in the app's folder, an example by libtock-rs's Makefile, or a
// program of a Cargo package.

/** What a task of type `tock` says in tasks.json. */
export interface BuildDefinition {
  /** Where make or cargo runs: the app's folder of libtock-c, the root of libtock-rs, a Cargo package. Absolute, with `/`. */
  folder: string;
  /** The example of libtock-rs, or of the package. */
  example?: string;
  /** The platform of libtock-rs. */
  platform?: string;
  /** The Cargo package; without it an example is built by libtock-rs's Makefile. */
  package?: string;
  /** Of the package, if it is another folder. */
  workspace?: string;
  /** A binary of the package. */
  bin?: string;
  /** rustc's, for the package. */
  target?: string;
  /** Optimise little, so that variables can be seen; into a folder beside the other build. */
  debug?: boolean;
}

export interface Build {
  label: string;
  program: string;
  words: readonly string[];
  environment: Readonly<Record<string, string>>;
  folder: string;
}

/** The folder in which make leaves the TAB, and the name of the TAB where that is known. */
export interface TabPlace {
  output: string;
  tab?: string;
}

/** Problem matchers of package.json, for gcc, its linker and rustc, where paths begin in `problemFolderOf` the build. */
export const matchers = ["$tock-gcc-build", "$tock-ld-build", "$tock-rustc-build"];

/** gcc names files from where make runs on, rustc from the Cargo workspace on. */
export const problemFolderOf = ({ folder, workspace = folder }: BuildDefinition): string =>
  workspace;

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The architectures of emulated boards; others only make a build for a look slower. */
const debugTargets = ["cortex-m0", "cortex-m4"];
const DEBUG_FOLDER = "build-debug";

export function buildOf(definition: BuildDefinition): Build {
  if (definition.package !== undefined) return cargoBuildOf(definition, definition.package);
  const { folder, example, platform = "nrf52840", debug = false } = definition;
  const suffix = debug ? " (-Og)" : "";
  if (example !== undefined) {
    return {
      label: `make ${example} for ${platform}${suffix}`,
      program: "make",
      words: [platform, `EXAMPLE=${example}`],
      environment: debug ? { CARGO_PROFILE_RELEASE_OPT_LEVEL: "1" } : {},
      folder,
    };
  }
  return {
    label: `make ${baseName(folder)}${suffix}`,
    program: "make",
    // What is said here comes behind the -Os of Configuration.mk, and of several -O the last one counts.
    words: debug
      ? [
          `BUILDDIR=${DEBUG_FOLDER}`,
          `TOCK_TARGETS=${debugTargets.join(" ")}`,
          ...debugTargets.map(target => `CPPFLAGS_${target}=-Og`),
        ]
      : [],
    environment: {},
    folder,
  };
}

/** The platform is told as build scripts of libtock-rs ask for it (build_scripts/src/lib.rs). */
function cargoBuildOf(
  { folder, example, bin, target, platform, debug = false }: BuildDefinition,
  name: string,
): Build {
  return {
    label: `cargo build ${bin ?? example ?? name}${debug ? " (dev)" : ""}`,
    program: "cargo",
    words: [
      "build",
      ...(debug ? [] : ["--release"]),
      `--package=${name}`,
      ...(bin === undefined ? [] : [`--bin=${bin}`]),
      ...(example === undefined ? [] : [`--example=${example}`]),
      ...(target === undefined ? [] : [`--target=${target}`]),
    ],
    environment: platform === undefined ? {} : { LIBTOCK_PLATFORM: platform },
    folder,
  };
}

export function tabPlaceOf({
  folder,
  example,
  platform = "nrf52840",
  debug = false,
}: BuildDefinition): TabPlace {
  if (example !== undefined)
    return { output: `${folder}/target/tbf/${platform}`, tab: `${example}.tab` };
  return { output: `${folder}/${debug ? DEBUG_FOLDER : "build"}` };
}

/** Platforms of libtock-rs by emulated board; the nRF52840 DK is the one of a launch that names none. */
const platforms: Readonly<Record<string, string>> = {
  microbit_v2: "microbit_v2",
  hail: "hail",
  imix: "imix",
  nucleo_f446re: "nucleo_f446re",
  raspberry_pi_pico: "raspberry_pi_pico",
};

export const platformOf = (board: string): string => platforms[board] ?? "nrf52840";

/** The build of the app that `file` belongs to by make; `undefined` if none is known. */
export function buildFor(
  file: string | undefined,
  seen: { appMakefiles: readonly string[]; rustTrees: readonly string[]; board: string },
): BuildDefinition | undefined {
  if (file === undefined) return undefined;
  const example = /^(.*)\/examples\/([\w-]+)\.rs$/.exec(file);
  const [, root = "", name = ""] = example ?? [];
  if (example !== null && seen.rustTrees.includes(root))
    return { folder: root, example: name, platform: platformOf(seen.board) };
  const folders = seen.appMakefiles.filter(folder => file.startsWith(`${folder}/`));
  const [innermost] = folders.sort((a, b) => b.length - a.length);
  return innermost === undefined ? undefined : { folder: innermost };
}

/** A definition as tasks.json has it; `undefined` if it is none. */
export function readDefinition(
  given: Readonly<Record<string, unknown>>,
): BuildDefinition | undefined {
  const { folder, debug } = given;
  if (typeof folder !== "string") return undefined;
  const texts = ["example", "platform", "package", "workspace", "bin", "target"] as const;
  const found = texts.filter(name => typeof given[name] === "string");
  return {
    folder: folder.replaceAll("\\", "/"),
    ...Object.fromEntries(found.map(name => [name, given[name]])),
    ...(typeof debug === "boolean" && { debug }),
  };
}
