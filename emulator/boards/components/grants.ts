// Grants in the order in which a board creates them: their numbers are part of every process block.
import { createCapability } from "../../kernel/capability.js";
import type { Grant, GrantShape, Layout } from "../../kernel/grant.js";
import type { Kernel } from "../../kernel/kernel.js";

export interface GrantCreator {
  create<L extends Layout>(shape: GrantShape<L>): Grant<L>;
  /** The grant of a driver that is not built: its number counts, its system calls return NODEVICE. */
  unbuilt(driver: number): void;
}

export function grantCreator(kernel: Kernel): GrantCreator {
  const capability = createCapability("memoryAllocation");
  return {
    create: shape => kernel.createGrant(shape, capability),
    unbuilt(driver) {
      const shape = { driver, upcalls: 0, readOnlyAllows: 0, readWriteAllows: 0, data: {} };
      kernel.createGrant(shape, capability);
    },
  };
}
