// Pointers by their names in the source, whatever the optimizer has made of them: apps compiled in three ways.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explainDump } from "../../../adapter/crash/dump-body.js";
import { parseDump } from "../../../adapter/crash/parse.js";
import { nodeHost } from "../../../adapter/host.node.js";
import { buildApp } from "../../../examples/build.js";
import { requireTool } from "../../tools.js";
import { Debugging } from "../debugging.js";
import { consoleOf } from "./board-dump.js";

const PROGRAM = `
#include "tock.h"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-parameter"
struct value { uint32_t unit; int32_t number; };
struct node { uint32_t id; struct node* next; struct value* value; struct value inside[2]; };
static struct node second = { 2, NULL, NULL, { { 0, 0 }, { 0, 0 } } };
static struct node first = { 1, &second, NULL, { { 0, 0 }, { 0, 0 } } };
static struct node* head = &first;
static uint8_t buffer[64];
static volatile uint32_t length = 100000;
static volatile uint32_t nothing = 0;
static void (*volatile handler)(int);
__attribute__((noinline)) static int32_t sum(struct node* list) {
  int32_t total = 0;
  for (struct node* p = list; p != NULL; p = p->next) total += p->value->number;
  return total;
}
__attribute__((noinline)) static struct node* find(uint32_t id) {
  struct node* p = head;
  while (p != NULL && p->id != id) p = p->next;
  return p;
}
__attribute__((noinline)) static int32_t element(struct node* n, int32_t i) { return n->inside[i].number; }
__attribute__((noinline)) static void fill(uint8_t* to, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) to[i] = 7;
}
__attribute__((noinline)) static void on_done(void* user) {
  struct node* n = user;
  n->value->number = 3;
}
static void (*volatile done)(void* user) = on_done;
__attribute__((noinline)) static void smash(const char* from) {
  char small[8];
  memcpy(small, from, 32);
  __asm__ volatile("" :: "r"(small) : "memory");
}
__attribute__((noinline)) static uint32_t from_number(int32_t base) {
  return *(volatile uint32_t*)(base + 16);
}
__attribute__((noinline)) static uint32_t from_numbers(uint32_t base, uint32_t step) {
  return *(volatile uint32_t*)(base * 8 + step);
}
__attribute__((noinline)) static uint32_t chosen(int32_t i) {
  struct node* several[4] = { &first, &second, NULL, NULL };
  __asm__ volatile("" :: "r"(several) : "memory");
  return several[i]->id;
}
__attribute__((noinline)) static int32_t far_on(int32_t i) {
  int32_t other[3] = { 1, 2, 3 };
  struct value several[4];
  __asm__ volatile("" :: "r"(several), "r"(other) : "memory");
  return several[i].number;
}
__attribute__((noinline)) static int32_t cell(int32_t (*rows)[4], int32_t row, int32_t i) {
  return rows[row][i];
}
__attribute__((noinline, used)) static uint32_t sink(uint32_t zero, const uint32_t* from) {
  return *from;
}
__attribute__((naked, noinline)) static uint32_t hop(const uint32_t* from) {
  __asm__ volatile("mov r1, r0; movs r0, #0; b sink");
}
__attribute__((noinline)) static const uint32_t* made(void) {
  return (const uint32_t*)(uintptr_t)(length * 10000);
}
struct reading { uint8_t sensor; int32_t number; uint32_t at; };
static struct reading readings[2];
__attribute__((noinline)) static int32_t number(struct reading* of, int32_t i) {
  return of[i].number;
}
static const char* const words[] = { "alpha", "beta" };
__attribute__((noinline)) static int32_t nth(int32_t i) { return words[i][1]; }
static int32_t grid[4][6];
static int32_t tall[4][4];
static const int32_t limits[4] = { 1, 2, 3, 4 };
static int32_t* volatile numbers = (int32_t*)limits;
static struct node* several[4] = { &first, &second, NULL, &first };
__attribute__((noinline)) static uint32_t total(struct node** list, uint32_t count) {
  uint32_t ids = 0;
  for (uint32_t i = 0; i < count; i++) ids += list[i]->id;
  return ids;
}
__attribute__((noipa)) static void* malloc(uint32_t size) { return size > 1000 ? NULL : buffer; }
static struct node* volatile last;
__attribute__((naked, noinline)) static void lose_static_base(void) {
  __asm__ volatile("movs r3, #0; mov r9, r3; bx lr");
}
static struct { uint32_t head; uint8_t bytes[20]; } packet;
__attribute__((noinline)) static uint64_t first_of(const uint64_t* values) { return values[0] + values[1]; }
static void (*never)(int);
__attribute__((noinline)) static void never_set(int i) { never(i); }
int main(void) {
  head->value = NULL;
#if WAY == 0
  printf("%ld\\n", (long)sum(head));
#elif WAY == 1
  printf("%lu\\n", (unsigned long)find(9)->id);
#elif WAY == 2
  printf("%ld\\n", (long)element(head, length * 100));
#elif WAY == 3
  fill(buffer, length);
#elif WAY == 4
  handler(3);
#elif WAY == 5
  memset((void*)length, 0, 8);
#elif WAY == 6
  done(head);
#elif WAY == 7
  ((volatile int32_t*)grid[3000])[first.id] = 9;
#elif WAY == 8
  numbers[first.id] = 5;
#elif WAY == 9
  int32_t room[3] = { 1, 2, 3 };
  int32_t place = length;
  return ((volatile int32_t*)room)[place];
#elif WAY == 10
  smash("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
#elif WAY == 11
  return from_number(length - 100000);
#elif WAY == 12
  return from_numbers(length / 100000, 12);
#elif WAY == 13
  return chosen(length / 50000);
#elif WAY == 14
  return far_on(length * 10);
#elif WAY == 15
  return cell(tall, length * 10, 2);
#elif WAY == 16
  const uint32_t* from = made();
  printf("%p\\n", from);
  return hop(from);
#elif WAY == 17
  subscribe(0, 0, (upcall_t)(void*)&first, NULL);
  command(0, 5, 100, 0);
  for (;;) yield();
#elif WAY == 18
  return number(readings, length * 10);
#elif WAY == 19
  return *made();
#elif WAY == 20
  return nth(length * 50);
#elif WAY == 22
  return total(several, 4);
#elif WAY == 23
  struct node* n = malloc(length);
  n->id = 3;
  last = n;
#elif WAY == 24
  lose_static_base();
  return find(1)->id;
#elif WAY == 25
  return first_of((const uint64_t*)(packet.bytes + 1 + nothing));
#elif WAY == 26
  never_set(3);
#elif WAY == 21
  return *(volatile int32_t*)(uintptr_t)(nothing + 16);
#endif
  return 0;
}
`;

interface Way {
  way: number;
  name: string;
  told: RegExp;
  /** By optimization, where it differs. */
  other?: Readonly<Record<string, RegExp>>;
}

/** Where the optimizer is at work. */
const optimized = (told: RegExp) => ({ "-Os": told, "-O2": told });

const ways: readonly Way[] = [
  {
    way: 0,
    name: "a member of what a loop has reached",
    told: /\(`p->value->number`\): `p->value` is a null pointer\./,
  },
  { way: 1, name: "what a function returned", told: /`find\(\)` returned a null pointer\./ },
  {
    way: 2,
    name: "an element of an array in a struct",
    told: /\(`n->inside\[i\]\.number`\).*`i` is 10000000\..*`i` stays within `n->inside`/s,
  },
  {
    way: 3,
    name: "an array that a loop has left",
    told: /`buffer` has 64 bytes, and the access is \d+ bytes past its end\./,
    other: { "-O0": /\(`to\[i\]`\).*`i` is \d+\.\nmain passed `buffer` to fill/s },
  },
  {
    way: 4,
    name: "a function pointer",
    told: /called 0x00000000 through `handler`, a null pointer/,
  },
  { way: 5, name: "what a caller has passed", told: /\(`\*to`\).*main passed `length` to memset/s },
  {
    way: 6,
    name: "an object that a callback got as a void pointer",
    told: /\(`n->value->number`\): `n->value` is a null pointer\./,
  },
  {
    way: 7,
    name: "an array that a constant has left, whatever the index was",
    told: /`grid` has 96 bytes, and the access is [\d,]+ bytes past its end\..*Check the index into `grid`\./s,
  },
  {
    way: 8,
    name: "a constant that cannot be stored to",
    told: /that is the constant `limits\[1\]` in flash.*Declare `limits` without `const`/s,
  },
  {
    way: 9,
    name: "an array on the stack",
    told: /\(`room\[\w+\]`\).*Check that `\w+` stays within `room`\./s,
  },
  {
    way: 11,
    name: "a number that was taken for an address",
    told: /0x00000010: that address was computed from the number `base`, which is 0\..*Check how/s,
  },
  {
    way: 12,
    name: "several numbers that make an address",
    told: /0x00000014: that address was computed from the number `step \+ base \* 8`, which is 20\./,
    other: optimized(/computed from the number `base \* 8`, which is 8\./),
  },
  {
    way: 13,
    name: "an element of an array of pointers on the stack, and of its index",
    told: /\(`several\[i\]->id`\): `several\[i\]` is a null pointer\.\n`i` is 2\./,
    other: optimized(/\(`several\[i\]->id`\): `several\[i\]` is a null pointer\./),
  },
  {
    way: 14,
    name: "an element of the array on the stack that was meant, by an index that is not scaled",
    told: /\(`several\[i\]\.number`\).*\n`i` is 1000000\..*Check that `i` stays within `several`\./s,
  },
  {
    way: 15,
    name: "an element of a row",
    told: /\(`rows\[row\]\[i\]`\)/,
    other: optimized(/\(`tall\[row\]\[2\]`\).*`row` is 1000000\./s),
  },
  {
    way: 18,
    name: "an element of a size that is no power of two",
    told: /\.number`\).*`i` is 1000000\..*Check that `i` stays within/s,
  },
  {
    way: 19,
    name: "what a function returned that points nowhere",
    told: /made from what `made\(\)` returned: 0x3B9ACA00.*Check what `made\(\)` returns, and what it gets\./s,
  },
  {
    way: 20,
    name: "an index into an array of strings",
    told: /\(`words\[i\]`\): .*`i` is 5000000\..*Check that `i` stays within `words`\./s,
  },
  {
    way: 22,
    name: "an element of an array that a loop goes through",
    told: /`(?:list\[i\]|several\[2\])->id`\): `(?:list\[i\]|several\[2\])` is a null pointer\./,
  },
  {
    way: 23,
    name: "a heap without room",
    told: /`malloc\(\)` found no room in the heap: .*raise `APP_HEAP_SIZE` in the app's Makefile\. Build it with `make clean`/,
    // In memory, nothing tells where a variable got its value.
    other: { "-O0": /`n` is a null pointer\..*Give `n` a value before it is used/s },
  },
  {
    way: 24,
    name: "the static base that was lost",
    told: /r9, through which the app finds its variables, is 0x00000000, .*Look for what changes r9: /s,
  },
  {
    way: 25,
    name: "a place in an object that is aligned already",
    told: /Copy with `memcpy` .* the access is (?:5|9|13) bytes into `packet`, .* so that aligning `packet` does not help\./s,
  },
  {
    way: 26,
    name: "a function pointer that the compiler knew to be null",
    told: /`never`|Set the function pointer that is called \(main\.c:\d+\) to a function/,
  },
  {
    way: 17,
    name: "what the kernel was told to call",
    told: /was given an upcall at 0x2\w+: that is the data of names, .*passed to `subscribe`\./s,
  },
];

const flagsFor = (optimization: string, way: number): string[] => [
  optimization,
  "-gdwarf-5",
  "-Wno-unused-function",
  "-Wno-unused-variable",
  `-DWAY=${way}`,
];

describe("a pointer's name", () => {
  let root = "";
  before(function () {
    this.timeout(120_000);
    requireTool(this, "arm-none-eabi-gcc");
    root = mkdtempSync(join(tmpdir(), "tock-debug-names-"));
    mkdirSync(join(root, "examples/names"), { recursive: true });
    cpSync("examples/libtock-mini", join(root, "examples/libtock-mini"), {
      recursive: true,
      filter: path => !/[/\\]build$/.test(path),
    });
    writeFileSync(join(root, "examples/names/main.c"), PROGRAM);
  });
  after(() => {
    if (root !== "") rmSync(root, { recursive: true });
  });

  /** Builds the program and lets it crash on a board: what the debugger says. */
  async function toldOf(flags: string[], board = "nrf52840dk"): Promise<string> {
    const architecture = board === "raspberry_pi_pico" ? "cortex-m0" : "cortex-m4";
    buildApp(root, { name: "names", folder: "names", flags, architectures: [architecture] });
    const client = new Debugging();
    await client.start({ apps: [join(root, "examples/names/names.tab")], board });
    const { threadId } = await client.stopped();
    const info = await client.request<{ description: string }>("exceptionInfo", { threadId });
    return info.description;
  }

  for (const optimization of ["-O0", "-Os", "-O2"])
    for (const { way, name, told, other } of ways)
      it(`with ${optimization} is told of ${name}`, async () => {
        const description = await toldOf(flagsFor(optimization, way));
        assert.match(description, other?.[optimization] ?? told);
      });

  it("without types is not told to be a pointer", async () => {
    assert.match(
      await toldOf([...flagsFor("-Os", 21), "-g1"]),
      /0x00000010: that address was made from `nothing`, which is 0/,
    );
  });

  // Loads of ARMv6-M scale no index, so either of two registers may be the pointer, and know no high registers.
  for (const { way, name, told } of ways.filter(each => [18, 20, 24].includes(each.way)))
    it(`on a Cortex-M0+ is told of ${name}`, async () => {
      assert.match(await toldOf(flagsFor("-Os", way), "raspberry_pi_pico"), told);
    });

  for (const optimization of ["-O0", "-Os", "-O2"])
    it(`with ${optimization} is not looked for in the caller of a function that jumped on`, async () => {
      const description = await toldOf(flagsFor(optimization, 16));
      assert.match(description, /0x3B9ACA00 \(`\*from`\): there is no memory\./);
      assert.doesNotMatch(description, /passed|printf/);
    });

  for (const optimization of ["-O0", "-Os", "-O2"])
    it(`to return to was overwritten, as a dump tells with ${optimization}, too`, async () => {
      const flags = flagsFor(optimization, 10);
      buildApp(root, { name: "names", folder: "names", flags, architectures: ["cortex-m4"] });
      const text = consoleOf([join(root, "examples/names/names.tab")]);
      const dump = parseDump(text);
      assert.ok(dump);
      const options = { elfs: [], folders: [root], option: "--elf", kernel: undefined };
      const { body } = await explainDump(text, dump, options, nodeHost.files);
      assert.match(body.explanation.verdict, /^names returned to 0x41414140: /);
      assert.match(`${body.explanation.fix?.text}`, /local arrays/);
      assert.ok(body.explanation.details.every(each => !/It happened in/.test(each)));
    });
});
