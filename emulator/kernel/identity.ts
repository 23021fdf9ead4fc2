// Who a process is and what it may store: the board's AppID assigner and storage permissions policy
// (kernel/src/process_checker.rs `Compress`, capsules/system/src/{process_checker,storage_permissions}/).
import { crc32Posix } from "../base/crc.js";
import type { StoragePermissions as TbfStoragePermissions } from "../formats/tbf.js";
import type { StoragePermissions } from "./storage-permissions.js";

/** What an assigner may look at. */
export interface IdentifiedBinary {
  /** Empty when the header has no package name. */
  readonly name: string;
  /** Which of the board's keys its credential was accepted by. */
  readonly keyId?: number;
  /** ShortId of the TBF header. */
  readonly tbfShortId?: number;
  /** Storage permissions of the TBF header. */
  readonly storagePermissions?: TbfStoragePermissions;
}

/** Whether two binaries must not run at the same time, whatever their ShortIds (kernel/src/process_checker.rs `AppUniqueness`). */
export type AppUniqueness = (a: IdentifiedBinary, b: IdentifiedBinary) => boolean;

/** Two of one name (`AppIdAssignerSimulated`). */
export const sameName: AppUniqueness = (a, b) => a.name === b.name;

/** Gives a process binary its ShortId, `null` for one that is only locally unique. */
export type AppIdAssigner = (binary: IdentifiedBinary) => number | null;

/** No process has a ShortId (`AppIdAssignerSimulated`, and the synchronous loader). */
export const assignLocallyUnique: AppIdAssigner = () => null;

/** The CRC-32 of the package name (`AppIdAssignerNames` as `AppIdAssignerNamesComponent` makes it). */
export const assignFromName: AppIdAssigner = ({ name }) =>
  crc32Posix(new TextEncoder().encode(name)) || null;

const NO_KEY = 0xf;

/** Four bits of the key and 28 of the name (`AppIdAssignerNameMetadata` of the tutorial on dynamic apps and policies). */
export const assignFromNameAndKey: AppIdAssigner = ({ name, keyId = NO_KEY }) =>
  (((keyId & 0xf) << 28) | (crc32Posix(new TextEncoder().encode(name)) & 0xfffffff)) >>> 0 || null;

/** What the TBF header says (`AppIdAssignerTbfHeader`). */
export const assignFromTbfHeader: AppIdAssigner = ({ tbfShortId }) => tbfShortId ?? null;

/** Decides once, when a process is created, what it may store. */
export type StoragePermissionsPolicy = (
  shortId: number | null,
  binary: IdentifiedBinary,
) => StoragePermissions;

/** Nobody may store anything (`NullStoragePermissions`). */
export const nullStoragePermissions: StoragePermissionsPolicy = () => ({ kind: "Null" });

/** Everybody with a ShortId has its own data (`IndividualStoragePermissions`). */
export const individualStoragePermissions: StoragePermissionsPolicy = id =>
  id === null ? { kind: "Null" } : { kind: "SelfOnly", id };

/** What the TBF header says (`TbfHeaderStoragePermissions`); the id of new data is the ShortId, whatever the header's. */
export const tbfHeaderStoragePermissions: StoragePermissionsPolicy = (id, binary) => {
  const { writeId, readIds, modifyIds } = binary.storagePermissions ?? {};
  if (id === null || readIds === undefined || modifyIds === undefined) return { kind: "Null" };
  const write = writeId !== undefined;
  return { kind: "FixedSize", id, write, readModifySelf: false, readIds, modifyIds };
};

/** The TBF header where it says something, else one's own data (nrf52840dk-test-invs `InvsStoragePermissions`). */
export const tbfHeaderOrIndividualStoragePermissions: StoragePermissionsPolicy = (id, binary) =>
  (binary.storagePermissions?.readIds === undefined
    ? individualStoragePermissions
    : tbfHeaderStoragePermissions)(id, binary);

/** A board's choice. */
export interface IdentityPolicies {
  assigner: AppIdAssigner;
  /** Never unless given: what is unique is the ShortId (`AppIdAssignerTbfHeader`, and no policy at all). */
  sameApp?: AppUniqueness;
  storagePermissions: StoragePermissionsPolicy;
}

/** What a board has that loads its processes synchronously. */
export const noIdentity: IdentityPolicies = {
  assigner: assignLocallyUnique,
  storagePermissions: nullStoragePermissions,
};
