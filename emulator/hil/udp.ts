// Datagrams as the UDP driver sees them (capsules/extra/src/net/udp/{udp_send,udp_recv}.rs).
import type { RadioFailure } from "./radio.js";

export interface UdpClient {
  /** The datagram has been sent, or not: then the reason, a name of kernel/src/errorcode.rs. */
  sendDone(failure: RadioFailure | undefined): void;
  received(from: UdpEndpoint, to: UdpEndpoint, payload: Uint8Array): void;
}

export interface UdpEndpoint {
  /** 16 bytes. */
  address: Uint8Array;
  port: number;
}

export interface UdpStack {
  setClient(client: UdpClient): void;
  /** False: nothing was sent. The client is told of the end of what was. */
  send(sourcePort: number, to: UdpEndpoint, payload: Uint8Array): boolean;
}
