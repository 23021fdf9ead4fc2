import assert from "node:assert/strict";
import {
  assignFromName,
  assignFromTbfHeader,
  assignLocallyUnique,
  individualStoragePermissions,
  nullStoragePermissions,
  tbfHeaderOrIndividualStoragePermissions,
  tbfHeaderStoragePermissions,
} from "../../../emulator/kernel/identity.js";
import {
  checkModifyPermission,
  checkReadPermission,
  type StoragePermissions,
  writeIdOf,
} from "../../../emulator/kernel/storage-permissions.js";

const listed = { writeId: 9, readIds: [7, 8], modifyIds: [8] };

describe("AppID assigners", () => {
  it("the name's checksum is the one that app authors put into their headers", () => {
    // ELF2TAB_ARGS of libtock-c's examples/tests/kv/kv_unit_tests.
    assert.equal(assignFromName({ name: "kv_unit_tests" }), 1153320202);
  });

  it("the header's id counts where it has one, and nothing for a locally unique app", () => {
    assert.equal(assignFromTbfHeader({ name: "a", tbfShortId: 5 }), 5);
    assert.equal(assignFromTbfHeader({ name: "a" }), null);
    assert.equal(assignLocallyUnique({ name: "a", tbfShortId: 5 }), null);
  });
});

describe("storage permissions", () => {
  const can = (permissions: StoragePermissions, id: number) => [
    checkReadPermission(permissions, id),
    checkModifyPermission(permissions, id),
  ];

  it("individual: one's own data and no other", () => {
    const own = individualStoragePermissions(3, { name: "a" });
    assert.deepEqual([can(own, 3), can(own, 4), writeIdOf(own)], [[true, true], [false, false], 3]);
  });

  it("from the header: the ids it lists, not one's own, and new data has the ShortId", () => {
    const own = tbfHeaderStoragePermissions(3, { name: "a", storagePermissions: listed });
    assert.deepEqual(
      [can(own, 3), can(own, 7), can(own, 8), can(own, 0), writeIdOf(own)],
      [[false, false], [true, false], [true, true], [false, false], 3],
    );
    const { writeId: _, ...readOnly } = listed;
    const reader = tbfHeaderStoragePermissions(3, { name: "a", storagePermissions: readOnly });
    assert.equal(writeIdOf(reader), undefined);
  });

  it("nothing without a ShortId or without lists that parse", () => {
    for (const permissions of [
      tbfHeaderStoragePermissions(null, { name: "a", storagePermissions: listed }),
      tbfHeaderStoragePermissions(3, { name: "a", storagePermissions: { writeId: 3 } }),
      individualStoragePermissions(null, { name: "a" }),
      nullStoragePermissions(3, { name: "a", storagePermissions: listed }),
    ]) {
      assert.deepEqual([can(permissions, 3), writeIdOf(permissions)], [[false, false], undefined]);
    }
  });

  it("header or individual: the header wins where it has lists", () => {
    const both = tbfHeaderOrIndividualStoragePermissions;
    assert.equal(both(3, { name: "a", storagePermissions: listed }).kind, "FixedSize");
    assert.equal(both(3, { name: "a", storagePermissions: {} }).kind, "SelfOnly");
    assert.equal(both(3, { name: "a" }).kind, "SelfOnly");
  });

  it("the kernel's data is the kernel's", () => {
    assert.deepEqual(can({ kind: "Kernel" }, 0), [true, true]);
    assert.deepEqual(can({ kind: "Kernel" }, 3), [false, false]);
    assert.equal(writeIdOf({ kind: "Kernel" }), 0);
  });
});
