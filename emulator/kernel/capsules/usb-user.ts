// The USB controller, driver 0x20005 (capsules/extra/src/usb/usb_user.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1                enable the controller and attach it to the bus; upcall 0 (0, 0, 0) at once
//
// Upstream's BUSY for an app that waits cannot be had: it never waits.
import type { UsbController } from "../../hil/usb.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** Whether the app waits to be attached. */
const layout = { awaiting: "bool" } as const;

export const USB_USER_GRANT: GrantShape<typeof layout> = {
  driver: 0x20005,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export class UsbUserDriver implements SyscallDriver {
  readonly #usb: UsbController;
  readonly #grant: Grant<typeof layout>;

  constructor(usb: UsbController, grant: Grant<typeof layout>) {
    this.#usb = usb;
    this.#grant = grant;
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum !== 1) return Return.failure(ErrorCode.NOSUPPORT);
    return this.#grant.command(process, view => {
      this.#usb.enable();
      this.#usb.attach();
      view.scheduleUpcall(UPCALL, 0, 0, 0);
      return Return.success();
    });
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }
}
