// Pins behind a bus, driver 0x80003 (capsules/extra/src/gpio_async.rs). Grant [2 upcalls, 0, 0].
//
//   arg1: pin; arg2: port in bits 0 to 15, a further argument in bits 16 to 31
//   command 1                make it an output
//   command 2                set
//   command 3                clear
//   command 4                toggle
//   command 5  resistor      make it an input; 0 none, 1 pull-up, 2 pull-down, else INVAL
//   command 6                read
//   command 7  edge          enable interrupts; 0 either edge, 1 rising, 2 falling, else INVAL
//   command 8                disable interrupts
//   command 9                disable the pin
//   command 10               number of ports
//
// Every operation but 10 ends with upcall 0 (0, level that was read or 0, 0), and is BUSY during another one of any
// process. An interrupt makes upcall 1 (port, pin, 0) in every process. Command 0 is NOSUPPORT: upstream's forgets to
// return its success.
import type { Stateful } from "../../base/stateful.js";
import type { FloatingState, InterruptEdge } from "../../hil/gpio.js";
import type { Port, PortClient, PortFailure } from "../../hil/gpio-async.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const Upcall = { Done: 0, Interrupt: 1 } as const;
const COUNT = 10;

const layout = {} as const;

export const GPIO_ASYNC_GRANT: GrantShape<typeof layout> = {
  driver: 0x80003,
  upcalls: 2,
  readOnlyAllows: 0,
  readWriteAllows: 0,
  data: layout,
};

const floatingStates: readonly FloatingState[] = ["PullNone", "PullUp", "PullDown"];
const edges: readonly InterruptEdge[] = ["EitherEdge", "RisingEdge", "FallingEdge"];

export interface GpioAsyncState {
  configuringProcess: ProcessId | null;
}

export class GpioAsyncDriver implements SyscallDriver, PortClient, Stateful<GpioAsyncState> {
  readonly #ports: readonly Port[];
  readonly #grant: Grant<typeof layout>;
  #configuringProcess: ProcessId | null = null;

  constructor(ports: readonly Port[], grant: Grant<typeof layout>) {
    this.#ports = ports;
    this.#grant = grant;
    ports.forEach((port, index) => {
      port.setPortClient(this, index);
    });
  }

  command(commandNum: number, pin: number, data: number, process: ProcessId): SyscallReturn {
    if (commandNum === COUNT) return Return.successU32(this.#ports.length);
    const port = this.#ports[data & 0xffff];
    if (port === undefined) return Return.failure(ErrorCode.INVAL);
    if (this.#configuringProcess !== null) return Return.failure(ErrorCode.BUSY);
    const failure = operate(port, commandNum, pin, (data >>> 16) & 0xff);
    if (failure !== undefined) return Return.failure(ErrorCode[failure]);
    this.#configuringProcess = process;
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  fired(pin: number, port: number): void {
    this.#grant.each(view => {
      view.scheduleUpcall(Upcall.Interrupt, port, pin, 0);
    });
  }

  done(value: number): void {
    const process = this.#configuringProcess;
    if (process !== null)
      this.#grant.enter(process, view => view.scheduleUpcall(Upcall.Done, 0, value, 0));
    this.#configuringProcess = null;
  }

  save(): GpioAsyncState {
    return { configuringProcess: this.#configuringProcess };
  }

  load(state: GpioAsyncState): void {
    this.#configuringProcess = state.configuringProcess;
  }
}

function operate(
  port: Port,
  commandNum: number,
  pin: number,
  config: number,
): PortFailure | "NOSUPPORT" | undefined {
  switch (commandNum) {
    case 1:
      return port.makeOutput(pin);
    case 2:
      return port.set(pin);
    case 3:
      return port.clear(pin);
    case 4:
      return port.toggle(pin);
    case 5: {
      const state = floatingStates[config];
      return state === undefined ? "INVAL" : port.makeInput(pin, state);
    }
    case 6:
      return port.read(pin);
    case 7: {
      const edge = edges[config];
      return edge === undefined ? "INVAL" : port.enableInterrupt(pin, edge);
    }
    case 8:
      return port.disableInterrupt(pin);
    case 9:
      return port.disable(pin);
    default:
      return "NOSUPPORT";
  }
}
