// UDP over IEEE 802.15.4 (boards/components/src/{udp_mux,udp_driver}.rs).
import type { DebugWriter } from "../../kernel/capsules/debug-writer.js";
import type { Mac } from "../../kernel/capsules/ieee802154-mac.js";
import { UDP_GRANT, UdpDriver } from "../../kernel/capsules/udp.js";
import { UdpOverMac } from "../../kernel/capsules/udp-stack.js";
import { type AlarmMux, VirtualAlarm } from "../../kernel/capsules/virtual-alarm.js";
import { type NodeOptions, shortAddress } from "./ieee802154.js";
import type { Workbench } from "./workbench.js";

/** Where upstream's boards send what does not stay on the link. */
const GATEWAY = 49138;

/** Addresses of a board, in the order in which apps get them; the first one is what it sends from. */
function interfaces(node: NodeOptions): [Uint8Array, Uint8Array, Uint8Array] {
  const prefix = [0xfe, 0x80, 0, 0, 0, 0, 0, 0];
  const [first = 0, ...rest] = node.deviceId;
  const short = shortAddress(node);
  return [
    Uint8Array.from([...prefix, first ^ 2, ...rest]),
    Uint8Array.from({ length: 16 }, (_, i) => 0x10 + i),
    Uint8Array.from([...prefix, 0, 0, 0, 0xff, 0xfe, 0, short >> 8, short & 0xff]),
  ];
}

export interface UdpParts {
  mac: Mac;
  alarms: AlarmMux;
  debugWriter: DebugWriter;
}

export function createUdp(
  bench: Workbench,
  { mac, alarms, debugWriter }: UdpParts,
  node: NodeOptions,
): void {
  const addresses = interfaces(node);
  const stack = new UdpOverMac(
    mac.user(),
    new VirtualAlarm(alarms),
    {
      source: addresses[0],
      sourceMac: { kind: "long", address: node.deviceId },
      gateway: { kind: "short", address: GATEWAY },
    },
    line => debugWriter.debug(line),
  );
  bench.part("udpStack", stack);
  const driver = new UdpDriver(stack, addresses, bench.grant(UDP_GRANT));
  bench.driver(UDP_GRANT.driver, driver);
}
