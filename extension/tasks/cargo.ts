// Apps of Cargo packages that use libtock, as `cargo metadata` tells of them (doc.rust-lang.org/cargo/commands/cargo-metadata.html),
// and where `cargo build` leaves their ELF files. Without VS Code.
import type { BuildDefinition } from "./builds.js";

export interface CargoPackage {
  name: string;
  /** Of its Cargo.toml. Absolute, with `/`, as all paths here. */
  folder: string;
  /** Of the Cargo workspace: what rustc says of files is relative to it. */
  root: string;
  targetDirectory: string;
  programs: readonly CargoProgram[];
}

/** What cargo links to an ELF file. */
export interface CargoProgram {
  kind: "bin" | "example";
  name: string;
  source: string;
}

/** A program with all that its build needs. */
export interface CargoApp {
  definition: BuildDefinition;
  name: string;
  kind: CargoProgram["kind"];
  /** The folder in which cargo makes a folder per profile. */
  output: string;
}

/** Packages with libtock among their dependencies; none if the text is no metadata. */
export function readMetadata(text: string): CargoPackage[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return [];
  }
  const { packages, workspace_root, target_directory } = (given ?? {}) as Record<string, unknown>;
  if (!Array.isArray(packages)) return [];
  return packages.filter(usesLibtock).map(each => ({
    name: String(each.name),
    folder: slashed(each.manifest_path).replace(/\/[^/]*$/, ""),
    root: slashed(workspace_root),
    targetDirectory: slashed(target_directory),
    programs: listOf(each.targets).flatMap(programOf),
  }));
}

function usesLibtock(given: Record<string, unknown>): boolean {
  return listOf(given["dependencies"]).some(({ name }) => /^libtock($|[-_])/.test(String(name)));
}

function programOf({ kind, name, src_path }: Record<string, unknown>): CargoProgram[] {
  const [is] = listOf(kind) as unknown as string[];
  if (is !== "bin" && is !== "example") return [];
  return [{ kind: is, name: String(name), source: slashed(src_path) }];
}

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
const slashed = (path: unknown): string => String(path).replaceAll("\\", "/");

/** The package whose file it is, and which of its programs: the one that the file belongs to, else its own, else its examples. */
export function programsFor(
  file: string,
  packages: readonly CargoPackage[],
): { found: CargoPackage; programs: readonly CargoProgram[] } | undefined {
  const [found] = packages
    .filter(({ folder }) => file.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length);
  if (found === undefined) return undefined;
  const { programs } = found;
  const exact = programs.filter(({ source }) => source === file);
  // `src/bin/NAME/main.rs` with its modules.
  const own = programs.filter(({ source }) => {
    const folder = source.replace(/\/main\.rs$/, "");
    return folder !== `${found.folder}/src` && file.startsWith(`${folder}/`);
  });
  const bins = programs.filter(({ kind }) => kind === "bin");
  const choice = [exact, own, bins].find(list => list.length > 0) ?? programs;
  return { found, programs: choice };
}

/** What `.cargo/config.toml` says that matters for an app; of several files the nearest comes first. */
export interface CargoConfig {
  /** Of `build`. */
  targets: readonly string[];
  /** The project itself says where its apps are linked. */
  hasLayout: boolean;
}

export function readConfig(texts: readonly string[]): CargoConfig {
  const [targets = []] = texts.map(targetsIn).filter(list => list.length > 0);
  return {
    targets,
    hasLayout: texts.some(text => /^[^#\n]*LIBTOCK_(PLATFORM|LINKER)/m.test(text)),
  };
}

/** `target` in the table `build`: a name or a list of names; a file that describes a target is called by its stem. */
function targetsIn(text: string): string[] {
  const plain = text.replace(/^\s*#.*$/gm, "");
  const [, table = ""] =
    /^\s*\[build\]\s*$([\s\S]*?)(?=^\s*\[(?!")|$(?![\s\S]))/m.exec(plain) ?? [];
  const [, value = ""] = /^\s*target\s*=\s*(\[[^\]]*\]|"[^"]*"|'[^']*')/m.exec(table) ?? [];
  return [...value.matchAll(/["']([^"']+)["']/g)].map(([, name = ""]) =>
    name.replace(/^.*[\\/]/, "").replace(/\.json$/, ""),
  );
}

/** rustc's target for an emulated board: all are Cortex-M4 but the Pico. */
const targetOf = (board: string): string =>
  board === "raspberry_pi_pico" ? "thumbv6m-none-eabi" : "thumbv7em-none-eabi";

/** A build per target that the project names, else for the board. `platform`: of libtock-rs. */
export function cargoApps(
  { name, folder, root, targetDirectory }: CargoPackage,
  programs: readonly CargoProgram[],
  of: { config: CargoConfig; ownConfig: boolean; board: string; platform: string },
): CargoApp[] {
  const { config, board, platform } = of;
  const arm = config.targets.filter(target => target.startsWith("thumb"));
  const targets = arm.length > 0 ? arm : [targetOf(board)];
  return programs.flatMap(({ kind, name: program }) =>
    targets.map(target => ({
      definition: {
        // A configuration below the root counts only for what runs there.
        folder: of.ownConfig ? folder : root,
        ...(of.ownConfig && folder !== root ? { workspace: root } : {}),
        package: name,
        [kind]: program,
        target,
        ...(config.hasLayout ? {} : { platform }),
      },
      name: program,
      kind,
      output: `${targetDirectory}/${target}`,
    })),
  );
}

/** Where the app is when it is built. */
export function elfOf({ definition: { debug }, output, kind, name }: CargoApp): string {
  const profile = debug ? "debug" : "release";
  return `${output}/${profile}/${kind === "example" ? "examples/" : ""}${name}`;
}

export const withoutOptimization = (app: CargoApp): CargoApp => ({
  ...app,
  definition: { ...app.definition, debug: true },
});
