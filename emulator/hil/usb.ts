// USB as capsules see it: the controller (kernel/src/hil/usb.rs) and human interface devices (kernel/src/hil/usb_hid.rs).

export interface UsbController {
  enable(): void;
  attach(): void;
}

export interface UsbHidClient {
  packetReceived(packet: Uint8Array): void;
  /** The host has taken the packet; its buffer comes back. Never called from within a request. */
  packetTransmitted(packet: Uint8Array): void;
}

/** A buffer is given away with a request; a request that fails leaves it with the caller. */
export interface UsbHid {
  setClient(client: UsbHidClient): void;
  sendBuffer(packet: Uint8Array): void;
  receiveBuffer(packet: Uint8Array): "BUSY" | undefined;
  /** The buffer of the receive under way. */
  receiveCancel(): Uint8Array | "BUSY";
}
