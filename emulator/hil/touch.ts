// Touch panels as capsules see them (kernel/src/hil/touch.rs).
import type { Screen } from "./screen.js";

export type TouchStatus = "Released" | "Pressed" | "Moved" | "Unstarted";

export interface TouchEvent {
  status: TouchStatus;
  x: number;
  y: number;
  /** Of the finger. */
  id: number;
  /** `null` on a panel that cannot tell. */
  size: number | null;
  pressure: number | null;
}

export type Gesture = "SwipeUp" | "SwipeDown" | "SwipeLeft" | "SwipeRight" | "ZoomIn" | "ZoomOut";

export interface TouchClient {
  /** From a panel for one finger. */
  touchEvent(event: TouchEvent): void;
  /** From a panel for several: all fingers that are or have just been on it. */
  touchEvents(events: readonly TouchEvent[]): void;
  gestureEvent(gesture: Gesture): void;
}

export interface TouchPanel {
  setTouchClient(client: TouchClient): void;
  /** How many fingers it can tell apart. */
  readonly touches: number;
}

/** What a panel must know of the screen that it lies on. */
export type TouchScreen = Pick<Screen, "getRotation" | "getResolution">;
