import assert from "node:assert/strict";
import { problemFolderOf } from "../../../extension/tasks/builds.js";
import {
  type CargoConfig,
  cargoApps,
  elfOf,
  programsFor,
  readConfig,
  readMetadata,
  withoutOptimization,
} from "../../../extension/tasks/cargo.js";

const target = (kind: string, name: string, path: string) => ({
  kind: [kind],
  crate_types: ["bin"],
  name,
  src_path: path,
});

/** As `cargo metadata --no-deps` tells of a workspace with an app, and a package that is none. */
const metadata = JSON.stringify({
  version: 1,
  workspace_root: "/w",
  target_directory: "/w/out",
  packages: [
    {
      name: "sensor",
      manifest_path: "/w/apps/sensor/Cargo.toml",
      dependencies: [{ name: "libtock", kind: null }],
      targets: [
        target("bin", "sensor", "/w/apps/sensor/src/main.rs"),
        target("bin", "other", "/w/apps/sensor/src/bin/other.rs"),
        target("bin", "large", "/w/apps/sensor/src/bin/large/main.rs"),
        target("example", "demo", "/w/apps/sensor/examples/demo.rs"),
        target("custom-build", "build-script-build", "/w/apps/sensor/build.rs"),
      ],
    },
    {
      name: "host-tool",
      manifest_path: "/w/host-tool/Cargo.toml",
      dependencies: [{ name: "serde" }, { name: "notlibtock" }],
      targets: [target("bin", "host-tool", "/w/host-tool/src/main.rs")],
    },
  ],
});

const none: CargoConfig = { targets: [], hasLayout: false };
const names = (file: string) =>
  programsFor(file, readMetadata(metadata))?.programs.map(({ name }) => name);

describe("a Cargo package with libtock", () => {
  it("is found among the packages of a workspace; others are no apps", () => {
    const packages = readMetadata(metadata);
    assert.deepEqual(
      packages.map(({ name, folder, root, targetDirectory }) => [
        name,
        folder,
        root,
        targetDirectory,
      ]),
      [["sensor", "/w/apps/sensor", "/w", "/w/out"]],
    );
    assert.equal(names("/w/host-tool/src/main.rs"), undefined);
    for (const text of ["", "{}", "null", '{"packages": 4}', "error: no Cargo.toml"])
      assert.deepEqual(readMetadata(text), [], text);
  });

  it("has the program of the file that is edited, with its modules; for others any of its binaries", () => {
    assert.deepEqual(names("/w/apps/sensor/src/main.rs"), ["sensor"]);
    assert.deepEqual(names("/w/apps/sensor/src/bin/other.rs"), ["other"]);
    assert.deepEqual(names("/w/apps/sensor/src/bin/large/filter.rs"), ["large"]);
    assert.deepEqual(names("/w/apps/sensor/examples/demo.rs"), ["demo"]);
    assert.deepEqual(names("/w/apps/sensor/src/driver.rs"), ["sensor", "other", "large"]);
    assert.deepEqual(names("/w/apps/sensor/Cargo.toml"), ["sensor", "other", "large"]);
  });

  it("is built for the target that it names, else for the board's processor", () => {
    const [found] = readMetadata(metadata);
    assert.ok(found);
    const built = (config: CargoConfig, board = "auto", ownConfig = false) =>
      cargoApps(found, found.programs.slice(0, 1), { config, ownConfig, board, platform: "hail" });
    assert.deepEqual(built(none)[0]?.definition, {
      folder: "/w",
      package: "sensor",
      bin: "sensor",
      target: "thumbv7em-none-eabi",
      platform: "hail",
    });
    const [pico] = built(none, "raspberry_pi_pico");
    assert.equal(pico?.definition.target, "thumbv6m-none-eabi");
    const targets = ["thumbv7em-none-eabi", "thumbv6m-none-eabi", "riscv32imc-unknown-none-elf"];
    const own = built({ targets, hasLayout: true }, "auto", true);
    assert.deepEqual(
      own.map(({ definition }) => [definition.target, definition.platform, definition.folder]),
      [
        ["thumbv7em-none-eabi", undefined, "/w/apps/sensor"],
        ["thumbv6m-none-eabi", undefined, "/w/apps/sensor"],
      ],
    );
    for (const app of [...own, ...built(none)])
      assert.equal(problemFolderOf(app.definition), "/w", "where rustc's paths begin");
  });

  it("has its ELF in the workspace's target folder, by target and profile", () => {
    const [found] = readMetadata(metadata);
    assert.ok(found);
    const of = { config: none, ownConfig: false, board: "auto", platform: "nrf52840" };
    const [sensor, , , demo] = cargoApps(found, found.programs, of);
    assert.ok(sensor && demo);
    assert.equal(elfOf(sensor), "/w/out/thumbv7em-none-eabi/release/sensor");
    assert.equal(elfOf(demo), "/w/out/thumbv7em-none-eabi/release/examples/demo");
    assert.equal(
      elfOf(withoutOptimization(demo)),
      "/w/out/thumbv7em-none-eabi/debug/examples/demo",
    );
  });
});

describe("the configuration of cargo", () => {
  it("names targets as a text or as a list, the nearest file first", () => {
    const text = `[alias]\nb = "build"\n\n[build]\n# target = "x86"\njobs = 2\ntarget = "thumbv6m-none-eabi" # ours\n\n[target.thumbv6m-none-eabi]\ntarget = "no"\n`;
    assert.deepEqual(readConfig([text]).targets, ["thumbv6m-none-eabi"]);
    const list = `[build]\ntarget = [\n  "thumbv7em-none-eabi",\n  'targets/own.json',\n]\n`;
    assert.deepEqual(readConfig([list, text]).targets, ["thumbv7em-none-eabi", "own"]);
    assert.deepEqual(readConfig(["[env]\nA = 1\n", text]).targets, ["thumbv6m-none-eabi"]);
    assert.deepEqual(readConfig(['[target.x]\ntarget = "y"\n', ""]).targets, []);
  });

  it("may itself say where apps are linked", () => {
    assert.equal(readConfig(['[env]\nLIBTOCK_PLATFORM = "hail"\n']).hasLayout, true);
    assert.equal(readConfig(['[env]\nLIBTOCK_LINKER_FLASH = "0x40000"\n']).hasLayout, true);
    assert.equal(readConfig(['[env]\n# LIBTOCK_PLATFORM = "hail"\n']).hasLayout, false);
  });
});
