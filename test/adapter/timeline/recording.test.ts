import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { commandOf } from "../../../adapter/timeline/command-names.js";
import { describeRow, previewText } from "../../../adapter/timeline/describe.js";
import { Recording, RowKind } from "../../../adapter/timeline/recording.js";
import { TimelineRows } from "../../../adapter/timeline/rows.js";
import { SyscallClass, type TraceEvent } from "../../../emulator/index.js";
import { manyRows } from "./many-rows.js";

const { Command, Subscribe, Yield, Memop, ReadOnlyAllow } = SyscallClass;
const FREQUENCY = 64_000_000;

/** A recording and the words to tell it events at cycles that grow by one. */
function recorder(capacity?: number) {
  const bytes = new TextEncoder().encode("abc");
  const recording = new Recording(
    {
      memory: { contains: address => address < 0x1000, readBytes: (_, n) => bytes.slice(0, n) },
      copyStack: (_, into, at, length) => {
        into.fill(0x07070707, at, at + length);
        return length;
      },
      registers: () => Array.from({ length: 16 }, (_, i) => 100 + i),
    },
    capacity,
  );
  let cycle = 0;
  const hear = (event: object) => recording.hear({ ...event, cycle: ++cycle } as TraceEvent);
  const made = {
    recording,
    at: (next: number) => {
      cycle = next - 1;
      return made;
    },
    start: (process = 0, pid = process, name = `app${process}`) =>
      hear({ type: "processCreated", process, pid, name, restart: false }),
    call: (
      syscallClass: number,
      values: readonly number[],
      returned: readonly number[] | null = [128],
      process = 0,
    ) => {
      const padded = [...values, 0, 0, 0].slice(0, 4);
      hear({ type: "syscall", process, pid: process, syscallClass, arguments: padded, returned });
      return recording.end - 1;
    },
    schedule: (
      driver: number,
      subscribe = 0,
      { process = 0, isNull = false, dropped = false } = {},
    ) => hear({ type: "upcallScheduled", process, driver, subscribe, dropped, isNull }),
    deliver: (driver: number, subscribe = 0, how = "called", process = 0) => {
      const values = [1, 2, 3, 4];
      hear({
        type: "upcallDelivered",
        process,
        driver,
        subscribe,
        how,
        pc: 0x41,
        arguments: values,
      });
      return recording.end - 1;
    },
    hear,
    linked: (number: number) => recording.row(number).linked,
    words: (number: number) => describeRow(recording, number, FREQUENCY),
  };
  return made;
}

describe("a recording", () => {
  it("keeps the youngest rows and says how many it dropped", () => {
    const { recording, start, call } = recorder(1500);
    start();
    for (let i = 0; i < 4000; i++) call(Command, [2, 1, i]);
    assert.deepEqual([recording.first, recording.end], [2501, 4001]);
    assert.deepEqual(recording.row(2501).values, [2, 1, 2500, 0, 0]);
    assert.deepEqual(recording.row(4000).values, [2, 1, 3999, 0, 0]);
    assert.throws(() => recording.row(2500), RangeError);
    assert.throws(() => recording.row(4001), RangeError);
  });

  it("leaves nothing of an old row in the one that takes its place", () => {
    const { recording, start, call, hear } = recorder(8);
    recording.keepPlaces();
    start();
    for (let i = 0; i < 8; i++) call(ReadOnlyAllow, [1, 1, 16, 3], [130, 5, 6]);
    for (let i = 0; i < 8; i++)
      hear({ type: "processExited", process: 0, pid: 0, completionCode: null });
    const last = recording.row(15);
    assert.deepEqual([last.kind, last.values], [RowKind.Exit, [0, 0, 0, 0, 0]]);
    assert.equal(recording.place(15), undefined);
    assert.equal(recording.preview(15).length, 0);
  });

  it("keeps where a process stood only from when that is wanted", () => {
    const { recording, start, call } = recorder();
    start();
    const before = call(Memop, [1]);
    recording.keepPlaces();
    const behind = call(Memop, [1]);
    assert.equal(recording.place(before), undefined);
    const { stack, ...registers } = recording.place(behind) ?? {};
    assert.deepEqual(registers, { pc: 115, lr: 114, sp: 113, r7: 107 });
    assert.deepEqual([...new Set(stack)], [7]);
    for (let i = 0; i < 3000; i++) call(Memop, [1]);
    assert.equal(recording.place(behind)?.pc, 115);
  });

  it("tells names and identifiers of each life of a process", () => {
    const { recording, start, call } = recorder();
    start(0, 0, "first");
    call(Memop, [1]);
    start(0, 5, "second");
    call(Memop, [1]);
    assert.deepEqual(
      [0, 1, 2, 3].map(n => [recording.row(n).name, recording.row(n).pid]),
      [
        ["first", 0],
        ["first", 0],
        ["second", 5],
        ["second", 5],
      ],
    );
  });
});

describe("the upcall of a command", () => {
  it("is the next of the kind that answers it, however many other commands come between", () => {
    const r = recorder();
    r.start();
    const write = r.call(Command, [1, 1, 3]);
    const read = r.call(Command, [1, 2, 1]);
    const alarm = r.call(Command, [0, 5, 10], [129, 10]);
    r.call(Command, [0, 2], [129, 4]);
    r.schedule(0);
    r.schedule(1, 1);
    const rang = r.deliver(0);
    const written = r.deliver(1, 1);
    assert.deepEqual([r.linked(alarm), r.linked(rang)], [rang, alarm]);
    assert.deepEqual([r.linked(write), r.linked(written)], [written, write]);
    assert.equal(r.linked(read), undefined);
  });

  it("is told only once: what comes again has no command", () => {
    const r = recorder();
    r.start();
    r.call(Command, [3, 1, 0]);
    r.schedule(3);
    assert.equal(r.linked(r.deliver(3)), 1);
    r.schedule(3);
    assert.equal(r.linked(r.deliver(3)), undefined);
  });

  it("is not that of a command that failed, nor of an earlier life or of another process", () => {
    const r = recorder();
    r.start();
    r.start(1);
    r.call(Command, [0, 5], [0, 9]);
    r.schedule(0);
    assert.equal(r.linked(r.deliver(0)), undefined);
    r.call(Command, [0, 5]);
    r.start();
    r.schedule(0);
    assert.equal(r.linked(r.deliver(0)), undefined);
    r.call(Command, [0, 5]);
    r.schedule(0, 0, { process: 1 });
    assert.equal(r.linked(r.deliver(0, 0, "called", 1)), undefined);
  });

  it("is that of the command inside of which it was scheduled", () => {
    const r = recorder();
    r.start();
    r.call(Command, [1, 2, 1]);
    r.at(500).schedule(1, 2);
    const abort = r.at(500).call(Command, [1, 3]);
    assert.equal(r.linked(r.deliver(1, 2)), abort);
  });

  it("is not mixed up with one that was ignored, or taken back by a subscription", () => {
    const r = recorder();
    r.start();
    const first = r.call(Command, [0, 5]);
    r.schedule(0, 0, { isNull: true });
    const ignored = r.deliver(0, 0, "ignored");
    assert.equal(r.linked(first), ignored);
    r.call(Command, [0, 5]);
    r.schedule(0);
    r.call(Subscribe, [0, 0, 0x41], [130, 0x41, 0]);
    const third = r.call(Command, [0, 5]);
    r.schedule(0);
    assert.equal(r.linked(r.deliver(0)), third);
  });

  it("of a driver that nobody knows answers its last command", () => {
    const r = recorder();
    r.start();
    const command = r.call(Command, [0xabcd, 7]);
    r.call(Command, [0xabcd, 0]);
    r.schedule(0xabcd, 4);
    assert.equal(r.linked(r.deliver(0xabcd, 4)), command);
  });

  it("ends a yield, unless nobody is told of it", () => {
    const r = recorder();
    r.start();
    const wait = r.call(Yield, [1], null);
    r.deliver(0, 0, "ignored");
    assert.equal(r.linked(wait), undefined);
    const ended = r.at(64_000_000).deliver(0, 0, "returned");
    assert.equal(r.linked(wait), ended);
    assert.equal(r.words(ended).result, "returned by yield-wait-for");
    assert.equal(r.words(wait).latency, 63_999_998 / FREQUENCY);
  });
});

describe("a row in words", () => {
  it("decodes every class of call and every variant of result", () => {
    const r = recorder();
    r.start();
    const texts = (
      syscallClass: number,
      values: readonly number[],
      returned: readonly number[] | null,
    ) => {
      const {
        call,
        driverName,
        operation,
        arguments: text,
        result,
      } = r.words(r.call(syscallClass, values, returned));
      return [call, driverName, operation, text, result].join("|");
    };
    assert.equal(texts(0, [0, 16], []), "yield-no-wait||||");
    assert.equal(texts(0, [2, 1, 2], []), "yield-wait-for|Console|2||");
    assert.equal(texts(1, [3, 0, 0x41, 9], [130, 0, 0]), "subscribe|Button|0|0x41, userdata 0x9|");
    assert.equal(texts(1, [3, 0, 0, 0], [130, 0x41, 9]), "subscribe|Button|0|none|was 0x41");
    assert.equal(texts(1, [3, 0, 0, 0], [2, 6, 0, 0]), "subscribe|Button|0|none|INVAL");
    assert.equal(texts(2, [0x40001, 1, 8, 0], [128]), "command|RNG|get bytes|8, 0|");
    assert.equal(
      texts(2, [0xabcd, 6, 0x10000, 0], [0, 10]),
      "command|driver 0xabcd|6|0x10000, 0|NOSUPPORT",
    );
    assert.equal(texts(2, [0x90008, 2], [131, 1, 1]), "command|Cycle count|read|0, 0|4294967297");
    assert.equal(texts(2, [2, 0], [129, 4]), "command|LED|exists|0, 0|4");
    assert.equal(texts(2, [2, 0], [130, 4, 5]), "command|LED|exists|0, 0|4, 5");
    assert.equal(texts(2, [2, 0], [132, 4, 5, 6]), "command|LED|exists|0, 0|4, 5, 6");
    assert.equal(texts(2, [2, 0], [133, 4, 5, 6]), `command|LED|exists|0, 0|4, ${5 + 6 * 2 ** 32}`);
    assert.equal(
      texts(3, [1, 1, 0x2000, 1], [130, 0, 0]),
      "allow read-write|Console|1|0x2000, 1 byte|",
    );
    assert.equal(
      texts(4, [1, 1, 16, 3], [130, 0, 0]),
      'allow read-only|Console|1|0x10, 3 bytes "abc"|',
    );
    assert.equal(texts(2, [1, 1, 2, 0], [128]), 'command|Console|write|2, 0 "ab"|');
    assert.equal(
      texts(7, [9, 0, 0x2000, 16], [130, 0x1f00, 16]),
      "allow userspace-readable|Read-only state|0|0x2000, 16 bytes|was 0x1f00, 16 bytes",
    );
    assert.equal(texts(5, [1, 8], [129, 0x20001000]), "memop||sbrk|0x8|0x20001000");
    assert.equal(texts(6, [0, 0xffffffff], null), "exit-terminate|||completion code -1|");
  });

  it("shows bytes that are no text in hexadecimal", () => {
    assert.equal(previewText(Uint8Array.of(1, 2, 0xff)), " [01 02 ff]");
    assert.equal(previewText(Uint8Array.of(0x41, 0x0a)), ' "A\\n"');
    assert.equal(previewText(new Uint8Array()), "");
  });

  it("tells faults, exits and upcalls that were dropped as failures", () => {
    const r = recorder();
    r.start();
    r.schedule(0, 0, { dropped: true });
    r.hear({ type: "processFaulted", process: 0, pid: 0, name: "app0", requested: false });
    for (const completionCode of [3, 0, null])
      r.hear({ type: "processExited", process: 0, pid: 0, completionCode });
    const rows = [1, 2, 3, 4, 5].map(r.words);
    assert.deepEqual(
      rows.map(({ kind, failed, arguments: text, result }) => [kind, failed, text || result]),
      [
        ["upcall", true, "dropped: the queue is full"],
        ["fault", true, ""],
        ["exit", true, "completion code 3"],
        ["exit", false, "completion code 0"],
        ["exit", false, ""],
      ],
    );
  });

  it("names every command that a capsule tells of", () => {
    const folder = "emulator/kernel/capsules";
    const unnamed: string[] = [];
    for (const file of [
      ...readdirSync(folder).map(name => `${folder}/${name}`),
      "emulator/kernel/ipc.ts",
    ]) {
      const text = readFileSync(file, "utf8");
      const head = text.slice(0, text.search(/^[^/]/m));
      const driver = /driver 0x([0-9a-f]+)/i.exec(head)?.[1];
      if (driver === undefined) continue;
      for (const [, list = ""] of head.matchAll(/^\/\/ {3}command (\d+(?:, \d+)*)/gm))
        for (const command of list.split(", "))
          if (commandOf(Number.parseInt(driver, 16), Number(command)) === undefined)
            unnamed.push(`${file}: ${command}`);
    }
    assert.deepEqual(unnamed, []);
  });
});

describe("a filter of the timeline", () => {
  const recording = manyRows(3000);
  const count = (filter: object) => new TimelineRows(recording, FREQUENCY).total(filter);

  it("takes all rows that fit everything", () => {
    assert.equal(count({}), recording.end);
    const [hello, blink] = [count({ processes: ["hello"] }), count({ processes: ["blink"] })];
    assert.equal(hello + blink, recording.end);
    assert.equal(count({ kinds: ["start"] }), 2);
    const failed = count({ failed: true });
    assert.ok(failed > 0 && failed < count({ drivers: [0x60001, 2] }));
    assert.equal(count({ search: "nodevice MEASURE" }), failed);
    assert.equal(count({ search: "nodevice measure", processes: ["none"] }), 0);
  });

  it("finds rows that come later, and forgets those that are dropped", () => {
    const { recording: small, start, call } = recorder(10);
    start();
    const rows = new TimelineRows(small, FREQUENCY);
    for (let i = 0; i < 100; i++) {
      call(Command, [2, 1 + (i % 2), i]);
      const total = rows.total({ search: "led on" });
      assert.ok(total <= 5);
      const numbers = rows.page(0, 100).map(({ number, operation }) => [number, operation]);
      assert.equal(numbers.length, total);
      for (const [number, operation] of numbers)
        assert.ok(operation === "on" && Number(number) >= small.first);
    }
  });
});
