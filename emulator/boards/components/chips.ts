// What the memory chips of a board keep without power, beside the flash from which apps run.
import { UserError } from "../../base/errors.js";
import type { Device } from "../../devices/device.js";
import type { ChipImages } from "../../formats/chips.js";

/** By the names of their devices. */
export function chipImages(devices: readonly Device[]): ChipImages {
  const images = new Map<string, Uint8Array>();
  for (const device of devices) {
    const image = device.memoryImage?.();
    if (image !== undefined) images.set(device.name, image);
  }
  return images;
}

/** Before power-on. @throws UserError for a chip that the board does not have or that is smaller */
export function loadChips(devices: readonly Device[], images: ChipImages = new Map()): void {
  for (const [name, image] of images) {
    const device = devices.find(device => device.name === name);
    if (device?.loadMemory === undefined) {
      const names = [...chipImages(devices).keys()].join(", ") || "none";
      throw new UserError(
        `The board has no memory chip "${name}", only: ${names}. Are the files another board's?`,
      );
    }
    device.loadMemory(image);
  }
}
