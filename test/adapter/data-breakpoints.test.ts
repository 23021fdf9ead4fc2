import assert from "node:assert/strict";
import { Debugging, lineOf, sourceOf, tabOf } from "./debugging.js";

interface Info {
  dataId: string | null;
  description: string;
  accessTypes?: string[];
}

async function stoppedInMain() {
  const client = new Debugging();
  await client.start({ apps: [tabOf("locals")], stopOnEntry: true });
  await client.stopped();
  const frameId = (await client.stack(1))[0]?.id ?? 0;
  const info = (name: string, more: object = {}) =>
    client.request<Info>("dataBreakpointInfo", { name, frameId, ...more });
  const watch = (...breakpoints: object[]) =>
    client.request<{ breakpoints: { id: number; verified: boolean }[] }>("setDataBreakpoints", {
      breakpoints,
    });
  return { client, frameId, info, watch };
}

describe("data breakpoints", () => {
  it("stop behind the instruction that writes, with old and new value", async () => {
    const { client, info, watch } = await stoppedInMain();
    const { dataId, description, accessTypes } = await info("station.latest");
    assert.match(description, /^station\.latest at 0x2000[0-9a-f]{4}, 4 bytes$/);
    assert.deepEqual(accessTypes, ["read", "write", "readWrite"]);
    const { breakpoints } = await watch({ dataId, accessType: "write" });
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.reason, "data breakpoint");
    assert.deepEqual(stopped.hitBreakpointIds, [breakpoints[0]?.id]);
    assert.match(stopped.text ?? "", /was written: 0x00000000 → 0x2000[0-9a-f]{4}$/);
    const [top] = await client.stack(1);
    assert.equal(await client.evaluate("station.latest == slot", top?.id), "1");
  });

  it("judge conditions by the value that was written, and count hits", async () => {
    const { client, info, watch } = await stoppedInMain();
    const { dataId } = await info("station.latest");
    await watch({ dataId, condition: "station.latest == &station.history[3]" });
    await client.run("continue", 1);
    const [top] = await client.stack(1);
    assert.equal(await client.evaluate("day", top?.id), "3");
    await watch({ dataId, hitCondition: "2" });
    await client.run("continue", 1);
    assert.equal(await client.evaluate("day", (await client.stack(1))[0]?.id), "5");
  });

  it("of a variable's child and of an address watch so many bytes as are asked for", async () => {
    const { client, frameId, info, watch } = await stoppedInMain();
    const statics = await client.scope(frameId, "Static");
    const station = statics.get("station")?.variablesReference;
    const child = await info("latest", { variablesReference: station });
    const same = await info("station.latest");
    assert.equal(child.dataId, same.dataId);
    const address = child.dataId?.split(":")[0] ?? "";
    const bytes = await info(address, { asAddress: true, bytes: 2 });
    assert.equal(bytes.dataId, `${address}:2`);
    await watch({ dataId: bytes.dataId, accessType: "readWrite" });
    assert.equal((await client.run("continue", 1)).reason, "data breakpoint");
  });

  it("stop at reads if they are asked to", async () => {
    const { client, info, watch } = await stoppedInMain();
    await watch({ dataId: (await info("used")).dataId, accessType: "read" });
    const stopped = await client.run("continue", 1);
    assert.match(stopped.text ?? "", /was read: 0x00000000$/);
    assert.match(await client.where(1), /^insert:/);
  });

  it("do not hide a breakpoint on the next instruction", async () => {
    const { client, info, watch } = await stoppedInMain();
    await watch({ dataId: (await info("station.latest")).dataId });
    await client.run("continue", 1);
    const here = (await client.stack(1))[0]?.instructionPointerReference;
    await client.request("setInstructionBreakpoints", {
      breakpoints: [{ instructionReference: here }],
    });
    const stopped = await client.run("continue", 1);
    assert.equal(stopped.reason, "instruction breakpoint");
    assert.equal((await client.stack(1))[0]?.instructionPointerReference, here);
  });

  it("stop a step that touches the bytes on its way", async () => {
    const { client, watch } = await stoppedInMain();
    const line = lineOf("locals", "tree   = insert(tree");
    await client.setBreakpoints(sourceOf("locals"), [line]);
    await client.run("continue", 1);
    await watch({ dataId: (await infoAtTop(client, "used")).dataId });
    const stopped = await client.run("next", 1);
    assert.equal(stopped.reason, "data breakpoint");
    assert.match(await client.where(1), /^insert:/);
  });

  it("on what does not lie in memory say why there are none", async () => {
    const { info } = await stoppedInMain();
    for (const name of ["$r0", "1 + 1", "nobody"]) {
      const { dataId, description } = await info(name);
      assert.equal(dataId, null);
      assert.match(description, /memory|no variable/);
    }
  });

  it("outside of memory are unverified, and a wrong id is refused", async () => {
    const { info, watch } = await stoppedInMain();
    const { dataId } = await info("0xe0000000", { asAddress: true });
    const { breakpoints } = await watch({ dataId });
    assert.equal(breakpoints[0]?.verified, false);
    await assert.rejects(watch({ dataId: "here" }), /no data id/);
  });
});

async function infoAtTop(client: Debugging, name: string): Promise<Info> {
  const [top] = await client.stack(1);
  return client.request<Info>("dataBreakpointInfo", { name, frameId: top?.id });
}
