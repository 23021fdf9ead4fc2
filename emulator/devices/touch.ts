// A touch panel, after the FT6x06 (capsules/extra/src/ft6x06.rs). The user's fingers are its input.
import type { Clock } from "../base/clock.js";
import { UserError } from "../base/errors.js";
import type { InputValue } from "../base/trace.js";
import type { Gesture, TouchClient, TouchEvent, TouchPanel, TouchStatus } from "../hil/touch.js";
import type { Device } from "./device.js";
import type { Face } from "./face.js";

/** Between the interrupt and the end of a transfer of 16 bytes on I2C. */
const MICROSECONDS = 500;

export interface TouchState {
  /** Where each finger is; `null` for one that is not on the panel. */
  fingers: ({ x: number; y: number } | null)[];
  /** What the client has not been told yet, oldest first. */
  reports: (TouchEvent[] | Gesture)[];
}

const gestures: Readonly<Record<string, Gesture>> = {
  "swipe up": "SwipeUp",
  "swipe down": "SwipeDown",
  "swipe left": "SwipeLeft",
  "swipe right": "SwipeRight",
  "zoom in": "ZoomIn",
  "zoom out": "ZoomOut",
};

const statuses: Readonly<Record<string, TouchStatus>> = {
  press: "Pressed",
  move: "Moved",
  release: "Released",
};

export class TouchDevice implements Device<TouchState>, TouchPanel {
  readonly name = "touch";
  readonly takes =
    '"press X Y", "move X Y" or "release", with the number of a finger behind if it is not 0, or a gesture such as "swipe up" or "zoom in"';
  readonly touches: number;
  readonly #clock: Clock;
  #client: TouchClient | undefined;
  #state: TouchState;

  /** `touches`: fingers that it tells apart. */
  constructor(clock: Clock, touches: number) {
    this.#clock = clock;
    this.touches = touches;
    this.#state = { fingers: Array(touches).fill(null), reports: [] };
  }

  setTouchClient(client: TouchClient): void {
    this.#client = client;
  }

  onInput(value: InputValue): void {
    const report = gestures[String(value)] ?? this.#touch(String(value));
    if (report === undefined)
      throw new UserError(`Input for ${this.name} must be ${this.takes}, not "${String(value)}".`);
    this.#state.reports.push(report);
    this.#clock.schedule(this.name, 0, (MICROSECONDS * this.#clock.frequency) / 1e6);
  }

  /** Positions of the fingers that are on it: `10,20 30,40`. */
  shown(): string {
    return this.#state.fingers.flatMap(at => (at === null ? [] : [`${at.x},${at.y}`])).join(" ");
  }

  face(): Face {
    return { kind: "touch", fingers: this.touches };
  }

  /** Fingers stay where they are. */
  reset(): void {
    this.#state.reports = [];
  }

  onEvent(): void {
    const report = this.#state.reports.shift();
    if (report === undefined) return;
    if (typeof report === "string") this.#client?.gestureEvent(report);
    else if (this.touches > 1) this.#client?.touchEvents(report);
    else this.#client?.touchEvent(report[0] as TouchEvent);
  }

  save(): TouchState {
    return structuredClone(this.#state);
  }

  load(state: TouchState): void {
    this.#state = structuredClone(state);
  }

  /** Moves a finger; the events that tell of it, that of the finger first. `undefined`: it cannot move so. */
  #touch(text: string): TouchEvent[] | undefined {
    const match = /^(?:(press|move) (\d{1,5}) (\d{1,5})|(release))(?: (\d))?$/.exec(text);
    if (match === null) return undefined;
    const status = statuses[match[1] ?? match[4] ?? ""] as TouchStatus;
    const { fingers } = this.#state;
    const id = Number(match[5] ?? 0);
    const before = fingers[id];
    if (before === undefined || (before === null) !== (status === "Pressed")) return undefined;
    const at = status === "Released" ? before : { x: Number(match[2]), y: Number(match[3]) };
    if (at === null || at.x > 0xffff || at.y > 0xffff) return undefined;
    fingers[id] = status === "Released" ? null : at;
    const others = fingers.flatMap((other, i) =>
      other === null || i === id ? [] : [eventOf("Moved", other, i)],
    );
    return [eventOf(status, at, id), ...others];
  }
}

const eventOf = (status: TouchStatus, at: { x: number; y: number }, id: number): TouchEvent => ({
  status,
  ...at,
  id,
  size: null,
  pressure: null,
});
