// Servo motors, driver 0x90009 (capsules/extra/src/servo.rs). No grant.
//
//   command 0                existence check
//   command 1                number of servos
//   command 2  servo angle   turn to an angle in degrees; FAIL for one it cannot turn to, INVAL beyond 16 bits
//   command 3  servo         the angle, if the motor can tell
//
// NODEVICE for a servo that is not there.
import type { Servo } from "../../hil/outputs.js";
import type { ProcessError, SyscallDriver } from "../driver.js";
import { ErrorCode, Return, type SyscallReturn } from "../syscalls.js";

export const SERVO_DRIVER = 0x90009;

export class ServoDriver implements SyscallDriver {
  readonly #servos: readonly Servo[];

  constructor(servos: readonly Servo[]) {
    this.#servos = servos;
  }

  command(commandNum: number, index: number, angle: number): SyscallReturn {
    if (commandNum === 0) return Return.success();
    if (commandNum === 1) return Return.successU32(this.#servos.length);
    if (commandNum > 3) return Return.failure(ErrorCode.NOSUPPORT);
    const servo = this.#servos[index];
    if (servo === undefined) return Return.failure(ErrorCode.NODEVICE);
    if (commandNum === 3) {
      const read = servo.getAngle();
      return typeof read === "number" ? Return.successU32(read) : Return.failure(ErrorCode[read]);
    }
    if (angle > 0xffff) return Return.failure(ErrorCode.INVAL);
    const failure = servo.setAngle(angle);
    return failure === undefined ? Return.success() : Return.failure(ErrorCode.FAIL);
  }

  allocateGrant(): ProcessError | undefined {
    return undefined;
  }
}
