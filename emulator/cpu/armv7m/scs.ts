// The System Control Space (ARMv7-M manual B3.2 to B3.5): SCB, SysTick, NVIC and MPU registers as a bus region.
import type { Region } from "../../bus/bus.js";
import type { Core } from "./core.js";
import { activeExceptions, pendingException } from "./priority.js";
import * as S from "./state.js";
import {
  clearCurrentValue,
  currentValue,
  readControl,
  writeControl,
  writeReload,
} from "./systick.js";

export function systemControlSpace(_cpu: Core): Region[] {
  return [];
}
