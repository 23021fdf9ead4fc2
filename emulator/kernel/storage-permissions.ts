// What a process may do with stored data (kernel/src/storage_permissions.rs). Data carries the id of who wrote it; the
// kernel's own has id 0.

export type StoragePermissions =
  /** Its own data only. */
  | { kind: "SelfOnly"; id: number }
  | {
      kind: "FixedSize";
      id: number;
      write: boolean;
      /** May read and modify its own data without listing itself. */
      readModifySelf: boolean;
      readIds: readonly number[];
      modifyIds: readonly number[];
    }
  | { kind: "Kernel" }
  /** Nothing at all. */
  | { kind: "Null" };

const allows = (permissions: StoragePermissions, list: "readIds" | "modifyIds", stored: number) => {
  switch (permissions.kind) {
    case "SelfOnly":
      return stored === permissions.id;
    case "FixedSize":
      return (
        (stored === permissions.id && permissions.readModifySelf) ||
        (stored !== 0 && permissions[list].includes(stored))
      );
    case "Kernel":
      return stored === 0;
    case "Null":
      return false;
  }
};

export const checkReadPermission = (permissions: StoragePermissions, storedId: number): boolean =>
  allows(permissions, "readIds", storedId);

export const checkModifyPermission = (permissions: StoragePermissions, storedId: number): boolean =>
  allows(permissions, "modifyIds", storedId);

/** The id that new data gets; `undefined`: it may not write. */
export function writeIdOf(permissions: StoragePermissions): number | undefined {
  switch (permissions.kind) {
    case "SelfOnly":
      return permissions.id;
    case "FixedSize":
      return permissions.write ? permissions.id : undefined;
    case "Kernel":
      return 0;
    case "Null":
      return undefined;
  }
}
