// Touch panel, driver 0x90002 (capsules/extra/src/touch.rs). Grant [3 upcalls, 0, 3 read-write allows].
//
//   command 0                existence check
//   command 1, 2             enable, disable single touch
//   command 10               the app has dealt with the events in buffer 2
//   command 11, 12           enable, disable multi-touch
//   command 100              how many fingers the panel tells apart
//
//   upcall 0  (status, x << 16 | y, pressure << 16 | size)   status: 0 released, 1 pressed, 2 moved
//   upcall 1  (gesture, 0, 0)   1 swipe up, 2 down, 3 left, 4 right, 5 zoom in, 6 out
//   upcall 2  (events in buffer 2, 0, events that did not fit); upstream clears the count of dropped reports first
//
// An event in the buffer has 8 bytes: finger, status, x, y (16 bits each), size, pressure. Enabling changes nothing: every
// app with a grant hears of everything. A buffer of exactly one event is told of, but not written.
import type { Gesture, TouchClient, TouchEvent, TouchPanel, TouchScreen } from "../../hil/touch.js";
import type { ProcessError, ProcessId, SyscallDriver } from "../driver.js";
import type { Grant, GrantShape, GrantView, WriteableBuffer } from "../grant.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

const Upcall = { Touch: 0, Gesture: 1, MultiTouch: 2 } as const;
const EVENTS = 2;
const EVENT_SIZE = 8;

/** `seenStatus`: of the last event, plus one; 0 before any. `unacknowledged`: the buffer is the app's. */
const layout = {
  droppedEvents: "u32",
  seenStatus: "u32",
  x: "u16",
  y: "u16",
  unacknowledged: "bool",
  touchEnable: "bool",
  multiTouchEnable: "bool",
} as const;
type View = GrantView<typeof layout>;
type Data = View["data"];

export const TOUCH_GRANT: GrantShape<typeof layout> = {
  driver: 0x90002,
  upcalls: 3,
  readOnlyAllows: 0,
  readWriteAllows: 3,
  data: layout,
};

const statusNumbers = { Released: 0, Pressed: 1, Moved: 2, Unstarted: 3 } as const;
const gestureNumbers: Readonly<Record<Gesture, number>> = {
  SwipeUp: 1,
  SwipeDown: 2,
  SwipeLeft: 3,
  SwipeRight: 4,
  ZoomIn: 5,
  ZoomOut: 6,
};

/** What commands without an answer do. */
const effects: Readonly<Record<number, (data: Data) => void>> = {
  1: data => {
    data.touchEnable = true;
  },
  2: data => {
    data.touchEnable = false;
  },
  10: data => {
    data.unacknowledged = false;
  },
  11: data => {
    data.multiTouchEnable = true;
  },
  12: data => {
    data.multiTouchEnable = false;
  },
};

export class TouchDriver implements SyscallDriver, TouchClient {
  readonly #panel: TouchPanel;
  readonly #screen: TouchScreen | undefined;
  readonly #grant: Grant<typeof layout>;

  /** `screen`: what the panel lies on; positions turn with it. */
  constructor(panel: TouchPanel, grant: Grant<typeof layout>, screen?: TouchScreen) {
    this.#panel = panel;
    this.#grant = grant;
    this.#screen = screen;
    panel.setTouchClient(this);
  }

  command(commandNum: number, _arg1: number, _arg2: number, process: ProcessId): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum === 100) return Return.successU32(this.#panel.touches);
    const effect = effects[commandNum];
    if (effect === undefined) return Return.failure(ErrorCode.NOSUPPORT);
    // Upstream does not report a grant that cannot be had.
    this.#grant.enter(process, ({ data }) => effect(data));
    return Return.success();
  }

  allocateGrant(process: ProcessId): ProcessError | undefined {
    return this.#grant.allocate(process);
  }

  touchEvent(event: TouchEvent): void {
    const { x, y } = this.#turned(event);
    const status = statusNumbers[event.status];
    const force = (((event.pressure ?? 0) << 16) | (event.size ?? 0)) >>> 0;
    this.#grant.each(view => {
      const { data } = view;
      if (data.x === x && data.y === y && data.seenStatus === status + 1) return;
      Object.assign(data, { x, y, seenStatus: status + 1 });
      view.scheduleUpcall(Upcall.Touch, status, ((x << 16) | y) >>> 0, force);
    });
  }

  touchEvents(events: readonly TouchEvent[]): void {
    const [first] = events;
    if (first === undefined) return;
    this.touchEvent(first);
    this.#grant.each(view => {
      const { data } = view;
      if (data.unacknowledged) {
        data.droppedEvents++;
        return;
      }
      data.droppedEvents = 0;
      const stored = this.#store(view.readWrite(EVENTS), events);
      if (stored === 0) return;
      data.unacknowledged = true;
      view.scheduleUpcall(Upcall.MultiTouch, stored, 0, events.length - stored);
    });
  }

  gestureEvent(gesture: Gesture): void {
    this.#grant.each(view => {
      view.scheduleUpcall(Upcall.Gesture, gestureNumbers[gesture], 0, 0);
    });
  }

  /** How many events fit, which are then in the buffer. */
  #store(buffer: WriteableBuffer, events: readonly TouchEvent[]): number {
    const fitting = Math.min(Math.floor(buffer.length / EVENT_SIZE), events.length);
    if (buffer.length <= EVENT_SIZE) return fitting;
    events.slice(0, fitting).forEach((event, i) => {
      const { x, y } = this.#turned(event);
      const words = [x & 0xff, x >>> 8, y & 0xff, y >>> 8];
      const { id, status, size, pressure } = event;
      buffer.write(
        i * EVENT_SIZE,
        Uint8Array.of(id, statusNumbers[status], ...words, size ?? 0, pressure ?? 0),
      );
    });
    return fitting;
  }

  /** The position on the screen as it is turned, in 16 bits. */
  #turned({ x, y }: TouchEvent): { x: number; y: number } {
    if (this.#screen === undefined) return { x, y };
    const [width, height] = this.#screen.getResolution();
    switch (this.#screen.getRotation()) {
      case 1:
        return { x: y, y: (width - x) & 0xffff };
      case 2:
        return { x: (width - x) & 0xffff, y: (height - y) & 0xffff };
      case 3:
        return { x: (height - y) & 0xffff, y: x };
      default:
        return { x, y };
    }
  }
}
