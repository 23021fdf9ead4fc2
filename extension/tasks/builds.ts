// How an app is built, as data: libtock-c's AppMakefile.mk in the app's folder, or an example by libtock-rs's Makefile.

/** What a task of type `tock` says in tasks.json. */
export interface BuildDefinition {
  /** Where make runs: the app's folder of libtock-c, or the root of libtock-rs. Absolute, with `/`. */
  folder: string;
  /** The example of libtock-rs. */
  example?: string;
  /** With `example`: the platform of libtock-rs. */
  platform?: string;
  /** Optimise little, so that variables can be seen; into a folder beside the other build. */
  debug?: boolean;
}

export interface Build {
  label: string;
  program: string;
  words: readonly string[];
  environment: Readonly<Record<string, string>>;
  folder: string;
  /** The folder in which the TAB is when it is built, and the name of the TAB where that is known. */
  output: string;
  tab?: string;
}

/** Problem matchers of package.json, for gcc and rustc. */
export const matchers = ["$tock-gcc", "$tock-rustc"];

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The architectures of emulated boards; others only make a build for a look slower. */
const debugTargets = ["cortex-m0", "cortex-m4"];
const DEBUG_FOLDER = "build-debug";

export function buildOf(definition: BuildDefinition): Build {
  const { folder, example, platform = "nrf52840", debug = false } = definition;
  const suffix = debug ? " (-Og)" : "";
  if (example !== undefined) {
    return {
      label: `make ${example} for ${platform}${suffix}`,
      program: "make",
      words: [platform, `EXAMPLE=${example}`],
      environment: debug ? { CARGO_PROFILE_RELEASE_OPT_LEVEL: "1" } : {},
      folder,
      output: `${folder}/target/tbf/${platform}`,
      tab: `${example}.tab`,
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
    output: `${folder}/${debug ? DEBUG_FOLDER : "build"}`,
  };
}

/** Platforms of libtock-rs by emulated board; the nRF52840 DK is the one of a launch that names none. */
const platforms: Readonly<Record<string, string>> = {
  microbit_v2: "microbit_v2",
  hail: "hail",
  imix: "imix",
  nucleo_f446re: "nucleo_f446re",
  raspberry_pi_pico: "raspberry_pi_pico",
};

/** The build of the app that `file` belongs to; `undefined` if none is known. */
export function buildFor(
  file: string | undefined,
  seen: { appMakefiles: readonly string[]; rustTrees: readonly string[]; board: string },
): BuildDefinition | undefined {
  if (file === undefined) return undefined;
  const example = /^(.*)\/examples\/([\w-]+)\.rs$/.exec(file);
  const [, root = "", name = ""] = example ?? [];
  if (example !== null && seen.rustTrees.includes(root))
    return { folder: root, example: name, platform: platforms[seen.board] ?? "nrf52840" };
  const folders = seen.appMakefiles.filter(folder => file.startsWith(`${folder}/`));
  const [innermost] = folders.sort((a, b) => b.length - a.length);
  return innermost === undefined ? undefined : { folder: innermost };
}

/** A definition as tasks.json has it; `undefined` if it is none. */
export function readDefinition(
  given: Readonly<Record<string, unknown>>,
): BuildDefinition | undefined {
  const { folder, example, platform, debug } = given;
  if (typeof folder !== "string") return undefined;
  return {
    folder: folder.replaceAll("\\", "/"),
    ...(typeof example === "string" && { example }),
    ...(typeof platform === "string" && { platform }),
    ...(typeof debug === "boolean" && { debug }),
  };
}
