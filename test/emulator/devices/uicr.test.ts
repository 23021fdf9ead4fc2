import assert from "node:assert/strict";
import { microbit_v2 } from "../../../emulator/boards/microbit_v2.js";
import { nrf52840dk } from "../../../emulator/boards/nrf52840dk.js";
import { Memory } from "../../../emulator/bus/memory.js";
import { UICR, Uicr } from "../../../emulator/devices/uicr.js";
import { UserError } from "../../../emulator/index.js";

const PSELRESET0 = 0x10001200;
const CUSTOMER0 = 0x10001080;

describe("the configuration registers of an nRF52", () => {
  const make = () => {
    const memory = new Memory({
      flash: { address: 0, size: 4096 },
      ram: { address: 0x20000000, size: 4096 },
      uicr: UICR,
    });
    return { memory, uicr: new Uicr(memory, UICR) };
  };

  it("are blank until the reset pin is programmed, which only clears bits and so keeps the rest", () => {
    const { memory, uicr } = make();
    assert.equal(memory.read32(PSELRESET0), 0xffffffff);
    memory.write32(CUSTOMER0, 0x12345678);
    uicr.program(18);
    assert.equal(memory.read32(PSELRESET0), 18);
    assert.equal(memory.read32(PSELRESET0 + 4), 18);
    assert.equal(memory.read32(0x10001208), 0x5a);
    assert.equal(memory.read32(CUSTOMER0), 0x12345678);
  });

  it("are erased first where a bit must be set", () => {
    const { memory, uicr } = make();
    memory.write32(PSELRESET0, 1);
    memory.write32(CUSTOMER0, 7);
    uicr.program(18);
    assert.equal(memory.read32(PSELRESET0), 18);
    assert.equal(memory.read32(CUSTOMER0), 0xffffffff);
  });

  it("keep their bytes over a reset of the board, as external flash does", () => {
    const { machine, chips } = nrf52840dk.build();
    assert.equal(machine.memory.read32(PSELRESET0), 18);
    machine.memory.write32(CUSTOMER0, 0xcafe);
    const before = chips();
    machine.run(64_000_000);
    machine.input("console", "reset\n");
    machine.run(128_000_000);
    assert.equal(machine.memory.read32(CUSTOMER0), 0xcafe);
    assert.deepEqual(chips(), before);
    const saved = machine.save();
    machine.memory.write32(CUSTOMER0, 0);
    machine.load(saved);
    assert.equal(machine.memory.read32(CUSTOMER0), 0xcafe);
    assert.deepEqual([...before.keys()].sort(), ["externalFlash", "uicr"]);
  });

  it("are what the file of another run holds, and a chip that the board lacks is refused", () => {
    const chips = new Map([["uicr", Uint8Array.from({ length: 0x84 }, (_, i) => i)]]);
    assert.equal(microbit_v2.build({ chips }).machine.memory.read32(CUSTOMER0), 0x83828180);
    const wrong = new Map([["sram", new Uint8Array(1)]]);
    assert.throws(
      () => microbit_v2.build({ chips: wrong }),
      new UserError(
        'The board has no memory chip "sram", only: uicr. Are the files another board\'s?',
      ),
    );
    const large = new Map([["uicr", new Uint8Array(4097)]]);
    assert.throws(() => microbit_v2.build({ chips: large }), UserError);
  });
});
