// GPIO pins, driver 0x4 (capsules/core/src/gpio.rs). Grant [1 upcall, 0, 0].
//
//   command 0                existence check
//   command 1  pin           make it an output
//   command 2  pin           set
//   command 3  pin           clear
//   command 4  pin           toggle
//   command 5  pin pull      make it an input; 0 no pull, 1 pull-up, 2 pull-down, else NOSUPPORT
//   command 6  pin           read: 1 high, 0 low
//   command 7  pin edge      enable interrupts; 0 either edge, 1 rising, 2 falling, else NOSUPPORT
//   command 8  pin           disable interrupts and the pin
//   command 9  pin           disable the pin
//   command 10               number of pins, holes included
//
// A number beyond the last pin is INVAL, a hole NODEVICE. Every command allocates the grant, and an interrupt makes
// upcall 0 (pin, 1 high or 0 low, 0) in every process that has one, whoever enabled it.
import type { FloatingState, GpioPin, InterruptClient, InterruptEdge } from "../../hil/gpio.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const UPCALL = 0;
const COUNT = 10;

const layout = {} as const;

export const GPIO_GRANT: GrantShape<typeof layout> = {
  driver: 0x4,
  upcalls: 1,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

const floatingStates: readonly FloatingState[] = ["PullNone", "PullUp", "PullDown"];
const edges: readonly InterruptEdge[] = ["EitherEdge", "RisingEdge", "FallingEdge"];

export class GpioDriver implements SyscallDriver, InterruptClient {
  readonly #pins: readonly (GpioPin | undefined)[];
  readonly #grant: Grant<typeof layout>;

  /** `undefined` is a hole: a number without a pin. */
  constructor(pins: readonly (GpioPin | undefined)[], grant: Grant<typeof layout>) {
    this.#pins = pins;
    this.#grant = grant;
    pins.forEach((pin, index) => {
      pin?.setInterruptClient(this, index);
    });
  }

  command(commandNum: number, index: number, argument: number, process: ProcessId): SyscallReturn {
    const error = this.#grant.allocate(process);
    if (commandNum === 0) return Return.success();
    if (commandNum === COUNT) return Return.successU32(this.#pins.length);
    if (commandNum > COUNT) return Return.failure(ErrorCode.NOSUPPORT);
    // Without a grant no upcall can come.
    if (error !== undefined && (commandNum === 7 || commandNum === 8))
      return Return.failure(ErrorCode.NOMEM);
    if (index >= this.#pins.length) return Return.failure(ErrorCode.INVAL);
    const pin = this.#pins[index];
    if (pin === undefined) return Return.failure(ErrorCode.NODEVICE);
    return act(pin, commandNum, argument);
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  fired(index: number): void {
    const high = this.#pins[index]?.read() ? 1 : 0;
    this.#grant.each(view => {
      view.scheduleUpcall(UPCALL, index, high, 0);
    });
  }
}

function act(pin: GpioPin, commandNum: number, argument: number): SyscallReturn {
  switch (commandNum) {
    case 1:
      pin.makeOutput();
      return Return.success();
    case 2:
      pin.set();
      return Return.success();
    case 3:
      pin.clear();
      return Return.success();
    case 4:
      pin.toggle();
      return Return.success();
    case 5:
      return configureInput(pin, argument);
    case 6:
      return Return.successU32(pin.read() ? 1 : 0);
    case 7: {
      const edge = edges[argument];
      if (edge === undefined) return Return.failure(ErrorCode.NOSUPPORT);
      pin.enableInterrupts(edge);
      return Return.success();
    }
    case 8:
      pin.disableInterrupts();
      pin.deactivateToLowPower();
      return Return.success();
    default:
      pin.deactivateToLowPower();
      return Return.success();
  }
}

/** The pin becomes an input even when the resistor is refused. */
function configureInput(pin: GpioPin, argument: number): SyscallReturn {
  pin.makeInput();
  const state = floatingStates[argument];
  if (state === undefined) return Return.failure(ErrorCode.NOSUPPORT);
  pin.setFloatingState(state);
  return Return.success();
}
