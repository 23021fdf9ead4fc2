// Who a process is and what it may store: the board's AppID assigner and storage permissions policy
// (kernel/src/process_checker.rs `Compress`, capsules/system/src/{process_checker,storage_permissions}/).
import { crc32Posix } from "../base/crc.js";
import type { StoragePermissions as TbfStoragePermissions } from "../formats/tbf.js";
import type { StoragePermissions } from "./storage-permissions.js";

/** What an assigner may look at. */
export interface IdentifiedBinary {
  /** Empty when the header has no package name. */
  readonly name: string;
  /** ShortId of the TBF header. */
  readonly tbfShortId?: number;
  /** Storage permissions of the TBF header. */
  readonly storagePermissions?: TbfStoragePermissions;
}

/** Gives a process binary its ShortId, `null` for one that is only locally unique. */
export type AppIdAssigner = (binary: IdentifiedBinary) => number | null;

/** No process has a ShortId (`AppIdAssignerSimulated`, and the synchronous loader). */
export const assignLocallyUnique: AppIdAssigner = () => null;

/** The CRC-32 of the package name (`AppIdAssignerNames` as `AppIdAssignerNamesComponent` makes it). */
export const assignFromName: AppIdAssigner = ({ name }) =>
  crc32Posix(new TextEncoder().encode(name)) || null;

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
  storagePermissions: StoragePermissionsPolicy;
}

/** What a board has that loads its processes synchronously. */
export const noIdentity: IdentityPolicies = {
  assigner: assignLocallyUnique,
  storagePermissions: nullStoragePermissions,
};
