// What only trusted code may do (kernel/src/capabilities.rs). A capability is an object that only boards/ can make;
// test/architecture.test.ts checks that nobody else imports `createCapability`.

/** Loading, stopping, restarting and faulting of processes. */
class ProcessManagementCapability {
  readonly #kind = "ProcessManagement";
  toString(): string {
    return this.#kind;
  }
}

/** Entering the kernel loop, after which nothing is allocated any more. */
class MainLoopCapability {
  readonly #kind = "MainLoop";
  toString(): string {
    return this.#kind;
  }
}

/** Creating grants. */
class MemoryAllocationCapability {
  readonly #kind = "MemoryAllocation";
  toString(): string {
    return this.#kind;
  }
}

export type { MainLoopCapability, MemoryAllocationCapability, ProcessManagementCapability };

const kinds = {
  processManagement: () => new ProcessManagementCapability(),
  mainLoop: () => new MainLoopCapability(),
  memoryAllocation: () => new MemoryAllocationCapability(),
};

/** Mints a capability. For boards only. */
export const createCapability = <K extends keyof typeof kinds>(
  kind: K,
): ReturnType<(typeof kinds)[K]> => kinds[kind]() as ReturnType<(typeof kinds)[K]>;
