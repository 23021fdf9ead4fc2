// Hostile and damaged TBF, TAB and ELF files: read, or refused in one sentence, soon and without taking the memory they claim.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { UserError } from "../../emulator/base/errors.js";
import { parseElf } from "../../emulator/formats/elf.js";
import { pack } from "../../emulator/formats/pack.js";
import { chooseTbf, readTab } from "../../emulator/formats/tab.js";
import { writeTar } from "../../emulator/formats/tar.js";
import { tbfChecksum } from "../../emulator/formats/tbf.js";
import { parseFlash } from "../../emulator/formats/tbf-file.js";
import { nrf52840dk, stopFaultPolicy } from "../../emulator/index.js";
import { cpuTime, scaled, tell } from "./cases.js";

const read = (path: string) => new Uint8Array(readFileSync(path));
const NAMES = ["locals", "hello", "crash", "grants", "blink"];
const TABS = NAMES.map(name => read(`examples/${name}/${name}.tab`));
const ELFS = NAMES.map(name => read(`examples/${name}/${name}.elf`));
const TBFS = TABS.map(tab => chooseTbf(readTab(tab, "app.tab"), "cortex-m4").bytes);
/** Longest for one file, in milliseconds. */
const LONGEST = 2000;
/** Virtual time that a damaged app gets, in cycles. */
const CYCLES = 200_000;

/** Numbers at which sizes and offsets go wrong. */
const word = fc.oneof(
  fc.constantFrom(0, 1, 3, 16, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff),
  fc.integer({ min: 0, max: 0x2000 }),
  fc.nat(0xffffffff),
);
const share = fc.nat(999_999).map(n => n / 1e6);

/** One wound: a byte, a word at a multiple of four, or the end cut off. Places crowd at the start, where headers are. */
const wound = fc.record({
  kind: fc.constantFrom("byte", "word", "word", "cut", "fill"),
  place: fc.oneof(
    share,
    share.map(at => at * 0.02),
    share.map(at => at * 0.1),
  ),
  value: word,
});
type Wound = { kind: string; place: number; value: number };

function wounded(sound: Uint8Array, wounds: readonly Wound[]): Uint8Array {
  let bytes = sound.slice();
  for (const { kind, place, value } of wounds) {
    const at = Math.floor(place * bytes.length);
    if (kind === "byte") bytes[at] = value;
    else if (kind === "fill") bytes.fill(value, at, at + 64);
    else if (kind === "cut") bytes = bytes.slice(0, at);
    else if (bytes.length >= 4) {
      new DataView(bytes.buffer).setUint32(Math.min(at & ~3, bytes.length - 4), value, true);
    }
  }
  return bytes;
}

const wounds = fc.array(wound, { minLength: 1, maxLength: 3 });

describe("damaged files", () => {
  let refused = 0;
  let slowest = 0;

  /** Runs `use`; a refusal is one sentence. */
  function attempt(use: () => void): void {
    const start = cpuTime();
    try {
      use();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused++;
      assert.match(error.message, /^\S[^\n]*\S$/u);
      assert.doesNotMatch(error.message, /undefined|NaN|\[object/);
    }
    const time = cpuTime() - start;
    slowest = Math.max(slowest, time);
    assert.ok(time < LONGEST, `${time} ms`);
  }

  const check = <T>(cases: number, arbitrary: fc.Arbitrary<T>, use: (value: T) => void): void => {
    refused = 0;
    slowest = 0;
    fc.assert(
      fc.property(arbitrary, value => attempt(() => use(value))),
      { numRuns: scaled(cases) },
    );
    tell(`${scaled(cases)} files, ${refused} of them refused, slowest ${slowest.toFixed(0)} ms`);
  };

  const number = fc.nat(NAMES.length - 1);

  it("that were a TBF, with a right checksum or not", function () {
    this.timeout(0);
    const story = fc.tuple(number, wounds, fc.boolean(), fc.boolean());
    check(20_000, story, ([which, how, mended, twice]) => {
      const bytes = wounded(TBFS[which] as Uint8Array, how);
      const size = (bytes[2] ?? 0) + 256 * (bytes[3] ?? 0);
      if (mended && size >= 16 && size <= bytes.length) {
        const view = new DataView(bytes.buffer);
        view.setUint32(12, tbfChecksum(bytes.subarray(0, size)), true);
      }
      parseFlash(twice ? new Uint8Array([...bytes, ...bytes]) : bytes, "app.tbf");
    });
  });

  it("that were a TAB", function () {
    this.timeout(0);
    check(10_000, fc.tuple(number, wounds), ([which, how]) => {
      chooseTbf(readTab(wounded(TABS[which] as Uint8Array, how), "app.tab"), "cortex-m4");
    });
  });

  it("that are a TAB of hostile members", function () {
    this.timeout(0);
    const metadata = fc.constantFrom(
      ...['tab-version = 1\nname = "x"\n', 'tab-version = 1\nname = "x"\nonly-for-boards = ""\n'],
      ...['tab-version = 1\nname = "\\u1"', "tab-version = 99\n", 'name = "x"\n'],
      "",
      "name = \0",
      "name\n=",
      'name = "\u{1F600}"',
    );
    const name = fc.constantFrom(
      ...[
        "cortex-m4.tbf",
        "cortex-m0.tbf",
        "../../etc/passwd",
        "/cortex-m4.tbf",
        "a/b.tbf",
        ".tbf",
      ],
      ...[
        "cortex-m4.0x00040000.0x20008000.tbf",
        "metadata.toml",
        "__proto__.tbf",
        "._cortex-m4.tbf",
      ],
    );
    const member = fc.record({
      name,
      bytes: fc.oneof(
        fc
          .tuple(number, fc.array(wound, { maxLength: 2 }))
          .map(([which, how]) => wounded(TBFS[which] as Uint8Array, how)),
        fc.uint8Array({ maxLength: 64 }).map(bytes => new Uint8Array(bytes)),
      ),
    });
    const size = fc.constantFrom("37777777777", "77777777777", "-1", "00000000010", "é");
    const story = fc.tuple(
      metadata,
      fc.array(member, { maxLength: 4 }),
      fc.option(fc.tuple(share, size), { freq: 1 }),
    );
    check(5000, story, ([toml, members, lie]) => {
      const first = { name: "metadata.toml", bytes: new TextEncoder().encode(toml) };
      const bytes = writeTar([first, ...members]);
      if (lie !== null) {
        // The header of a member claims up to 4 GiB or more, and its checksum agrees.
        const at = Math.floor((lie[0] * bytes.length) / 512) * 512;
        const header = bytes.subarray(at, at + 512);
        header.set(new TextEncoder().encode(lie[1]).subarray(0, 11), 124);
        const sum = header.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
        header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
      }
      chooseTbf(readTab(bytes, "app.tab"), "cortex-m4");
    });
  });

  it("that claim 4 GiB are refused at once", () => {
    const tbf = TBFS[0]?.slice() as Uint8Array;
    const view = new DataView(tbf.buffer);
    view.setUint32(4, 0xffff_ffff, true);
    view.setUint32(12, tbfChecksum(tbf.subarray(0, view.getUint16(2, true))), true);
    assert.throws(() => parseFlash(tbf, "app.tbf"), /app\.tbf.*4294967295/);
  });

  it("that were an ELF, read and packed", function () {
    this.timeout(0);
    check(3000, fc.tuple(number, wounds), ([which, how]) => {
      const elf = parseElf(wounded(ELFS[which] as Uint8Array, how), "app.elf");
      pack(elf, { name: "app", kernelVersion: { major: 2, minor: 1 } });
    });
  });

  it("that the kernel loads from flash all the same", function () {
    this.timeout(0);
    const build = (apps: Uint8Array[]) => nrf52840dk.build({ apps, faultPolicy: stopFaultPolicy });
    check(400, fc.tuple(number, wounds), ([which, how]) => {
      const bytes = wounded(TBFS[which] as Uint8Array, how);
      const { machine } = build([bytes, TBFS[1] as Uint8Array]);
      machine.run(CYCLES);
    });
  });
});
