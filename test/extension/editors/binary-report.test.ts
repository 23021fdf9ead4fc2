import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTab } from "../../../emulator/formats/tab.js";
import {
  writeCredentials,
  writePadding,
  writeTbfHeader,
} from "../../../emulator/formats/tbf-write.js";
import { isShowBinary } from "../../../extension/editors/binary-messages.js";
import { reportOf } from "../../../extension/editors/binary-report.js";
import { libtockRsElf } from "../../libtock-rs-elf.js";
import { requireTool } from "../../tools.js";

const hash = async (algorithm: string, data: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest(algorithm, data));
const report = (bytes: Uint8Array, file: string) => reportOf(bytes, file, hash);
const file = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

const SIZE = 1024;
const END = 512;

/** A TBF with a SHA-256 behind its binary. */
async function signed(name = "signed"): Promise<Uint8Array> {
  const bytes = new Uint8Array(SIZE);
  bytes.set(
    writeTbfHeader({
      enabled: true,
      totalSize: SIZE,
      initFunctionOffset: 1,
      protectedTrailerSize: 32,
      minimumRamSize: 4096,
      binaryEndOffset: END,
      binaryVersion: 7,
      name,
      writeableFlashRegions: [],
      fixedAddressFlash: 0x30080,
      fixedAddressRam: 0x20004000,
      shortId: 0x1234,
      kernelVersion: { major: 2, minor: 1 },
    }),
  );
  bytes.set(writeCredentials(3, await hash("SHA-256", bytes.slice(0, END))), END);
  return bytes;
}

describe("the report on a TAB", () => {
  it("has each architecture with header, TLVs and a layout without gaps", async () => {
    const { kind, facts, objects, wrong } = await report(
      file("examples/blink/blink.tab"),
      "blink.tab",
    );
    assert.equal(kind, "TAB");
    assert.deepEqual(wrong, []);
    assert.deepEqual(facts[0], { label: "Name", value: "blink" });
    assert.deepEqual(objects.map(({ title }) => title).sort(), ["cortex-m0", "cortex-m4"]);
    for (const { layout, tlvs } of objects) {
      assert.ok(tlvs.some(({ name }) => name === "Program"));
      let end = 0;
      for (const { offset, size } of layout) {
        assert.equal(offset, end);
        end = offset + size;
      }
      assert.ok(end >= 2048);
    }
  });

  it("tells which of its binaries is damaged and shows the others", async () => {
    const good = await signed();
    const bad = good.slice();
    bad[20] = (bad[20] ?? 0) ^ 1;
    const tab = writeTab({ name: "two" }, [
      { variant: "cortex-m0", bytes: bad },
      { variant: "cortex-m4", bytes: good },
    ]);
    const { objects, wrong } = await report(tab, "two.tab");
    assert.deepEqual(
      objects.map(({ title }) => title),
      ["cortex-m4"],
    );
    assert.match(wrong.join(), /two\.tab \(cortex-m0\.tbf\).*checksum/i);
  });
});

describe("the report on a TBF", () => {
  it("has fixed addresses, ShortId, version and credentials that are checked", async () => {
    const bytes = await signed();
    const { kind, objects } = await report(bytes, "signed.tbf");
    assert.equal(kind, "TBF");
    const [object] = objects;
    const text = object?.facts.map(({ label, value }) => `${label}: ${value}`).join("\n") ?? "";
    assert.match(text, /Version: 7/);
    assert.match(text, /Flash: 1,024 bytes, linked for 0x30080/);
    assert.match(text, /ShortId: 0x1234/);
    assert.deepEqual(
      object?.layout.map(({ name }) => name),
      ["Header", "Protected trailer", "Binary", "Credentials", "Rest"],
    );
    assert.equal(object?.credentials[0]?.verdict, "matches");
    bytes[300] = 1;
    const [changed] = (await report(bytes, "signed.tbf")).objects;
    assert.match(changed?.credentials[0]?.verdict ?? "", /does NOT match/);
  });

  it("of a flash image has each object, padding too", async () => {
    const image = new Uint8Array([
      ...(await signed()),
      ...writePadding(512),
      ...(await signed("b")),
    ]);
    const { kind, objects } = await report(image, "flash.tbf");
    assert.equal(kind, "Flash image");
    assert.deepEqual(
      objects.map(({ title }) => title),
      ["signed at 0x0", "Padding at 0x400", "b at 0x600"],
    );
  });

  it("of a flash image with thousands of objects has the first of them, and says how many there are", async () => {
    const count = 3000;
    const padding = writePadding(512);
    const image = new Uint8Array(512 * count);
    for (let i = 0; i < count; i++) image.set(padding, 512 * i);
    const { objects, facts } = await report(image, "flash.bin");
    assert.equal(objects.length, 200);
    assert.equal(facts[1]?.value, "3000; the first 200 follow");
  });

  it("of anything else is one sentence, and never fails", async () => {
    for (const name of ["x.tbf", "x.tab"]) {
      for (const bytes of [new Uint8Array(), new Uint8Array(600).fill(255), file("package.json")]) {
        const { objects, wrong } = await report(bytes, name);
        assert.deepEqual(objects, []);
        assert.match(wrong.join(" | "), /^x\.t(bf|ab): [^|]+\.$/);
      }
    }
  });

  it("passes the check that the page makes of it", async () => {
    for (const name of ["a.tab", "a.tbf"]) {
      const bytes = name === "a.tbf" ? await signed() : file("examples/blink/blink.tab");
      const message = { type: "show", file: name, report: await report(bytes, name) };
      assert.ok(isShowBinary(message));
      assert.ok(!isShowBinary({ ...message, report: { ...message.report, objects: [{}] } }));
    }
  });
});

describe("the report on an ELF", () => {
  it("of libtock-rs is that on the TBF which is made of it", async function () {
    requireTool(this, "arm-none-eabi-gcc");
    const folder = mkdtempSync(join(tmpdir(), "tock-elf-"));
    libtockRsElf(join(folder, "sensor"));
    const shown = await report(file(join(folder, "sensor")), "out/release/sensor");
    rmSync(folder, { recursive: true });
    assert.deepEqual(shown.wrong, []);
    const [object, second] = shown.objects;
    assert.equal(second, undefined);
    assert.equal(shown.kind, "ELF");
    assert.equal(object?.title, "sensor");
    assert.ok(object.facts.some(({ value }) => /linked for 0x40080$/.test(value)));
    assert.ok(isShowBinary({ type: "show", file: "sensor", report: shown }));
  });

  it("of another kind says so in one sentence, also when it is cut off", async () => {
    const bytes = file("examples/blink/blink.elf");
    const { wrong, objects } = await report(bytes, "blink.elf");
    assert.deepEqual(objects, []);
    assert.match(
      wrong.join("\n"),
      /^blink\.elf: this ELF is no app of libtock-rs, .* open the \.tab/,
    );
    for (const length of [4, 20, 52, 1000])
      assert.equal((await report(bytes.slice(0, length), "x")).wrong.length, 1, `${length}`);
  });
});
