// The committed examples are whole and free of the build machine's paths.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseElf } from "../../emulator/formats/elf.js";
import { pack } from "../../emulator/formats/pack.js";
import { chooseTbf, readTab } from "../../emulator/formats/tab.js";
import { BARE_CORES } from "../../examples/bare/build.js";
import { appsIn } from "../../examples/build.js";

const apps = appsIn(".");
const text = (path: string) => readFileSync(path, "latin1");

describe("examples", () => {
  for (const { name, folder, sources = folder, architectures, flags, header } of apps) {
    // A macro is not recorded.
    const recorded = flags.filter(flag => !flag.startsWith("-D"));
    const tabFile = `examples/${folder}/${name}.tab`;
    const elfFile = `examples/${folder}/${name}.elf`;

    it(`${name}.tab holds code for ${architectures.join(" and ")}, and ${name}.elf is its cortex-m4 one`, () => {
      const tab = readTab(readFileSync(tabFile), tabFile);
      assert.deepEqual(
        tab.binaries.map(b => b.variant),
        architectures,
      );
      const tbf = chooseTbf(tab, "cortex-m4");
      assert.equal(tbf.header.name, name);
      const { tbf: own } = pack(parseElf(readFileSync(elfFile), elfFile), {
        name,
        kernelVersion: { major: 2, minor: 1 },
        ...header,
      });
      assert.ok(Buffer.from(own).equals(tbf.bytes));
    });

    it(`${name}.elf names sources of the repository only, and was built with ${recorded.join(" ")}`, () => {
      const elf = text(elfFile);
      assert.ok(elf.includes(`examples/${sources}/main.c`));
      const paths = elf.match(/(?<=[^\x20-\x7e])[\w.-]*\/[\w./-]+(?=\0)/g) ?? [];
      const foreign = paths.filter(path => !/^(\.\/)?examples(\/|$)/.test(path) && path.length > 4);
      assert.deepEqual(foreign, []);
      assert.deepEqual(elf.match(/[A-Za-z]:\\\w+/g) ?? [], []);
      for (const flag of recorded) assert.ok(elf.includes(flag), flag);
    });
  }

  // No build of the examples makes these: see examples/crash/rust/README.md.
  for (const name of ["rust", "rust-panic"]) {
    const file = `examples/crash/${name}/${name}`;
    it(`${name}.tab holds its ELF, which names no folder of the machine that built it`, () => {
      const { tbf: own } = pack(parseElf(readFileSync(`${file}.elf`), `${file}.elf`), {
        name,
        kernelVersion: { major: 2, minor: 1 },
      });
      const tbf = chooseTbf(readTab(readFileSync(`${file}.tab`), `${file}.tab`), "cortex-m4");
      assert.ok(Buffer.from(own).equals(tbf.bytes));
      const elf = text(`${file}.elf`);
      assert.ok(elf.includes("examples/crash/rust\0"));
      const absolute = elf.match(/\0\/[\w.-]+\/[\w./-]+(?=\0)/g) ?? [];
      assert.deepEqual(
        absolute.filter(path => !path.startsWith("\0/rustc/")),
        [],
      );
    });
  }

  for (const core of BARE_CORES)
    it(`bare-${core}.elf carries no absolute path`, () => {
      const elf = text(`examples/bare/bare-${core}.elf`);
      assert.ok(elf.includes("bare.c"));
      assert.deepEqual(elf.match(/\0(\/[\w.-]{2,}){2,}|[A-Za-z]:\\\w+/g) ?? [], []);
    });

  it("both -Os -gdwarf-2 and -O0 -gdwarf-5 occur", () => {
    const all = apps.map(app => app.flags.join(" "));
    assert.ok(all.includes("-Os -gdwarf-2") && all.includes("-O0 -gdwarf-5"));
  });
});
