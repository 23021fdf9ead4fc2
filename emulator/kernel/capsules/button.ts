// Buttons, driver 0x3 (capsules/core/src/button.rs). Grant [1 upcall, 0, 0].
//
//   command 0                number of buttons
//   command 1  index         report presses and releases; upcall 0 (index, 1 pressed or 0 released, 0)
//   command 2  index         stop reporting
//   command 3  index         1 if pressed, else 0
import type { InterruptClient, InterruptPin } from "../../hil/gpio.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;

/** Bit n: the app wants to hear of button n. */
const layout = { subscribeMap: "u32" } as const;

export const BUTTON_GRANT: GrantShape<typeof layout> = {
  driver: 0x3,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

export class ButtonDriver implements SyscallDriver, InterruptClient {
  readonly #pins: readonly InterruptPin[];
  readonly #grant: Grant<typeof layout>;

  constructor(pins: readonly InterruptPin[], grant: Grant<typeof layout>) {
    this.#pins = pins;
    this.#grant = grant;
    pins.forEach((pin, index) => {
      pin.setInterruptClient(this, index);
    });
  }

  command(commandNum: number, index: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.successU32(this.#pins.length);
    if (commandNum > 3) return Return.failure(ErrorCode.NOSUPPORT);
    const pin = this.#pins[index];
    if (!pin) return Return.failure(ErrorCode.INVAL);
    if (commandNum === 3) return Return.successU32(pin.read() ? 1 : 0);
    const bit = 1 << index;
    const result = this.#grant.command(process, view => {
      const map = view.data.subscribeMap;
      view.data.subscribeMap = (commandNum === 1 ? map | bit : map & ~bit) >>> 0;
      if (commandNum === 1) pin.enableInterrupts("EitherEdge");
      return Return.success();
    });
    if (commandNum === 2 && !this.#report(index, () => {})) pin.disableInterrupts();
    return result;
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  fired(index: number): void {
    const pin = this.#pins[index];
    if (!pin) return;
    const pressed = pin.read() ? 1 : 0;
    const heard = this.#report(index, view => view.scheduleUpcall(UPCALL, index, pressed, 0));
    if (!heard) pin.disableInterrupts();
  }

  /** Calls `f` for every app that listens to the button; false if none does. */
  #report(index: number, f: (view: GrantView<typeof layout>) => void): boolean {
    let heard = false;
    this.#grant.each(view => {
      if ((view.data.subscribeMap & (1 << index)) === 0) return;
      heard = true;
      f(view);
    });
    return heard;
  }
}
