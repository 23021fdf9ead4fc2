// The ring of received frames that an app shares with both IEEE 802.15.4 drivers (capsules/extra/src/ieee802154/driver.rs):
//   read index, write index, then frames of 130 bytes: header length, data length, MIC length, the frame
import type { WriteableBuffer } from "../grant.js";

const METADATA_SIZE = 2;
const FRAME_METADATA_SIZE = 3;
const FRAME_SIZE = FRAME_METADATA_SIZE + 127;

/** Puts a frame into the ring, in place of the oldest when it is full; false if the buffer is no ring. */
export function pushFrame(ring: WriteableBuffer, frame: Uint8Array, headerLength: number): boolean {
  const slots = (ring.length - METADATA_SIZE) / FRAME_SIZE;
  if (slots <= 0 || !Number.isInteger(slots)) return false;
  const [read, write] = [ring.read8(0), ring.read8(1)];
  if (read >= slots || write >= slots) return false;
  const offset = METADATA_SIZE + write * FRAME_SIZE;
  ring.write(offset, Uint8Array.of(headerLength, frame.length - headerLength, 0, ...frame));
  const next = (write + 1) % slots;
  if (next === read) ring.write8(0, (read + 1) % slots);
  ring.write8(1, next);
  return true;
}
