// IEEE 802.15.4: the radio and what gives it to apps (boards/components/src/ieee802154.rs).
import { Ieee802154RadioDevice } from "../../devices/ieee802154-radio.js";
import { IEEE802154_GRANT, Ieee802154Driver } from "../../kernel/capsules/ieee802154.js";
import { Mac } from "../../kernel/capsules/ieee802154-mac.js";
import { IEEE802154_RAW_GRANT, Ieee802154RawDriver } from "../../kernel/capsules/ieee802154-raw.js";
import type { Workbench } from "./workbench.js";

export interface NodeOptions {
  /** Number of the network. */
  pan: number;
  /** The chip's identifier: the long address, most significant byte first. */
  deviceId: Uint8Array;
}

/** Network and chip of upstream's nRF52840 boards; the short address is made of the first two bytes. */
export const NRF52840_NODE: NodeOptions = {
  pan: 0xabcd,
  deviceId: Uint8Array.of(0x87, 0x96, 0xa5, 0xb4, 0xc3, 0xd2, 0xe1, 0xf0),
};

export const shortAddress = ({ deviceId }: NodeOptions): number =>
  (deviceId[0] as number) | ((deviceId[1] as number) << 8);

/** The driver whose frames the kernel makes, and the multiplexer by which UDP sends its own. */
export function createIeee802154(bench: Workbench, node: NodeOptions): Mac {
  const radio = bench.device(new Ieee802154RadioDevice(bench.clock, bench.trace));
  const { pan, deviceId: addressLong } = node;
  radio.setConfig({ pan, address: shortAddress(node), addressLong });
  const mac = bench.part("mac", new Mac(radio));
  const driver = new Ieee802154Driver(mac.user(), bench.grant(IEEE802154_GRANT));
  bench.driver(IEEE802154_GRANT.driver, driver);
  return mac;
}

/** The driver whose frames apps make. */
export function createIeee802154Raw(bench: Workbench): void {
  const radio = bench.device(new Ieee802154RadioDevice(bench.clock, bench.trace));
  const driver = new Ieee802154RawDriver(radio, bench.grant(IEEE802154_RAW_GRANT));
  bench.driver(IEEE802154_RAW_GRANT.driver, driver);
}
