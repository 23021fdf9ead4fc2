import assert from "node:assert/strict";
import { ErrorCode } from "../../../emulator/index.js";
import { tbfHeaderFilterDefaultAllow } from "../../../emulator/kernel/syscall-filter.js";
import { SyscallClass } from "../../../emulator/kernel/syscalls.js";
import { type Assembler, program } from "../guest.js";
import { DRIVER, run } from "./harness.js";

const resources = { filter: tbfHeaderFilterDefaultAllow };
const permit = (driver: number, offset: number, allowedCommands: bigint) => ({
  app: { permissions: [{ driver, offset, allowedCommands }] },
  resources,
});
const SUCCESS = 128;
/** r0 and r1 after the last call of a program. */
const result = (assembler: Assembler, options: Parameters<typeof run>[1]) =>
  run(assembler.spin(), options).registers.slice(0, 2);
const refused = [0, ErrorCode.NODEVICE];

describe("the filter by TBF header", () => {
  it("allows a process without permissions everything", () => {
    assert.equal(result(program().command(DRIVER, 0), { resources })[0], SUCCESS);
  });

  it("allows the commands whose bits are set, and no other driver", () => {
    const options = permit(DRIVER, 0, 0b10n);
    assert.equal(result(program().command(DRIVER, 1), options)[0], 130);
    assert.deepEqual(result(program().command(DRIVER, 0), options), refused);
    assert.deepEqual(result(program().command(0x77, 1), options), refused);
  });

  it("looks for a command from 64 on in the entry of its offset", () => {
    const options = permit(DRIVER, 1, 1n << 2n);
    // The driver itself does not support command 66, which is another failure.
    assert.deepEqual(result(program().command(DRIVER, 66), options), [0, ErrorCode.NOSUPPORT]);
    assert.deepEqual(result(program().command(DRIVER, 67), options), refused);
    assert.deepEqual(result(program().command(DRIVER, 2), options), refused);
  });

  for (const [name, syscallClass] of Object.entries(SyscallClass).filter(([n]) =>
    /Subscribe|Allow/.test(n),
  ))
    it(`allows ${name} on a driver of which any entry tells, and fails it with a plain failure else`, () => {
      const call = (driver: number) => program().syscall(syscallClass, driver, 0, 0, 0);
      const [variant] = result(call(DRIVER), permit(DRIVER, 0, 0n));
      assert.ok(variant !== 0, String(variant));
      assert.deepEqual(result(call(DRIVER), permit(0x77, 0, 1n)), refused);
    });

  it("never filters memop", () => {
    assert.equal(result(program().memop(2, 0), permit(0x77, 0, 1n))[0], 129);
  });
});
