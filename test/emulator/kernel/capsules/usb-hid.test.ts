import assert from "node:assert/strict";
import type { UsbHidClient } from "../../../../emulator/hil/usb.js";
import { KEYBOARD_HID_GRANT, UsbHidDriver } from "../../../../emulator/kernel/capsules/usb-hid.js";
import { USB_USER_GRANT, UsbUserDriver } from "../../../../emulator/kernel/capsules/usb-user.js";
import { FakeGrant } from "./fake-grant.js";

const a = { index: 0, pid: 0 };
const b = { index: 1, pid: 1 };

/** A controller that receives, as no keyboard does. */
class Usb {
  client: UsbHidClient | undefined;
  sent: Uint8Array | undefined;
  receiving: Uint8Array | undefined;
  setClient(client: UsbHidClient) {
    this.client = client;
  }
  sendBuffer(packet: Uint8Array) {
    this.sent = packet;
  }
  receiveBuffer(packet: Uint8Array) {
    this.receiving = packet;
    return undefined;
  }
  receiveCancel() {
    const packet = this.receiving;
    this.receiving = undefined;
    return packet ?? "BUSY";
  }
}

function board() {
  const usb = new Usb();
  const grant = new FakeGrant(KEYBOARD_HID_GRANT);
  const driver = new UsbHidDriver(usb, grant);
  const receive = new Uint8Array(64);
  grant.allow("readWrite", a, 0, receive);
  grant.allow("readWrite", a, 1, new Uint8Array(64).fill(7));
  const upcalls = () => grant.takeUpcalls().map(u => [u.process, ...u.arguments]);
  return { usb, grant, driver, receive, upcalls };
}

describe("USB HID driver", () => {
  it("sends a packet at a time and tells when it is taken", () => {
    const { usb, driver, upcalls } = board();
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
    assert.deepEqual(usb.sent, new Uint8Array(64).fill(7));
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 2]);
    usb.client?.packetTransmitted(usb.sent as Uint8Array);
    assert.deepEqual(upcalls(), [[0, 1, 0, 0]]);
    assert.deepEqual(driver.command(1, 0, 0, a), [128]);
  });

  it("receives a packet once it is allowed, and no more after it is not", () => {
    const { usb, driver, receive, upcalls } = board();
    assert.deepEqual(driver.command(3, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(2, 0, 0, a), [128]);
    assert.deepEqual(driver.command(2, 0, 0, a), [0, 2]);
    assert.deepEqual(driver.command(5, 0, 0, a), [0, 3]);
    usb.client?.packetReceived(new Uint8Array(64).fill(9));
    assert.deepEqual(upcalls(), [[0, 0, 0, 0]]);
    assert.equal(receive[63], 9);
    assert.deepEqual(driver.command(5, 0, 0, a), [128]);
    assert.ok(usb.sent);
    assert.deepEqual(driver.command(4, 0, 0, a), [128]);
    assert.deepEqual(driver.command(6, 0, 0, a), [0, 10]);
  });

  it("belongs for ever to the process that asked first, even whether it exists", () => {
    const { grant, driver } = board();
    assert.deepEqual(driver.command(0, 0, 0, a), [128]);
    assert.deepEqual(driver.command(0, 0, 0, b), [0, 2]);
    grant.kill(a);
    assert.deepEqual(driver.command(0, 0, 0, b), [0, 2]);
  });

  it("a buffer that has not 64 bytes panics the kernel", () => {
    const { grant, driver } = board();
    grant.allow("readWrite", a, 1, new Uint8Array(8));
    assert.throws(() => driver.command(1, 0, 0, a), {
      name: "KernelPanic",
      message: "source slice length (8) does not match destination slice length (64)",
    });
  });

  it("saved during a packet and loaded elsewhere, it knows whose it is", () => {
    const first = board();
    first.driver.command(1, 0, 0, a);
    const second = board();
    second.driver.load(structuredClone(first.driver.save()));
    assert.deepEqual(second.driver.command(0, 0, 0, b), [0, 2]);
    assert.deepEqual(second.driver.command(1, 0, 0, a), [0, 2]);
    second.usb.client?.packetTransmitted(new Uint8Array(64));
    assert.deepEqual(second.upcalls(), [[0, 1, 0, 0]]);
  });
});

describe("USB driver", () => {
  it("attaches the controller at once, for every app", () => {
    const calls: string[] = [];
    const usb = { enable: () => calls.push("enable"), attach: () => calls.push("attach") };
    const grant = new FakeGrant(USB_USER_GRANT);
    const driver = new UsbUserDriver(usb, grant);
    const got = [0, 1, 2].map(n => driver.command(n, 0, 0, b));
    assert.deepEqual(got, [[128], [128], [0, 10]]);
    assert.deepEqual(calls, ["enable", "attach"]);
    assert.deepEqual(grant.takeUpcalls(), [{ process: 1, subscribe: 0, arguments: [0, 0, 0] }]);
    grant.kill(a);
    assert.deepEqual(driver.command(1, 0, 0, a), [0, 6]);
  });
});
