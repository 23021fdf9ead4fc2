// What both drivers of the two-wire bus share: the size of a buffer and the error codes of transfers.
import type { I2CError } from "../../hil/i2c.js";
import { ErrorCode } from "../syscalls.js";

/** What boards/components/src/i2c.rs gives each driver. */
export const I2C_BUFFER_LENGTH = 32;

/** kernel/src/hil/i2c.rs, `From<Error> for ErrorCode`. */
const errorCodes: Readonly<Record<I2CError, ErrorCode>> = {
  AddressNak: ErrorCode.NOACK,
  DataNak: ErrorCode.NOACK,
  ArbitrationLost: ErrorCode.RESERVE,
  Overrun: ErrorCode.SIZE,
  NotSupported: ErrorCode.NOSUPPORT,
  Busy: ErrorCode.BUSY,
};

/** The status of an upcall: 0 for success. */
export const i2cStatus = (error: I2CError | undefined): number =>
  error === undefined ? 0 : errorCodes[error];

export const i2cErrorCode = (error: I2CError): ErrorCode => errorCodes[error];
