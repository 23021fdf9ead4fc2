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
struct value { uint32_t unit; int32_t number; };
struct node { uint32_t id; struct node* next; struct value* value; struct value inside[2]; };
static struct node second = { 2, NULL, NULL, { { 0, 0 }, { 0, 0 } } };
static struct node first = { 1, &second, NULL, { { 0, 0 }, { 0, 0 } } };
static struct node* head = &first;
static uint8_t buffer[64];
static volatile uint32_t length = 100000;
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
static int32_t grid[4][6];
static const int32_t limits[4] = { 1, 2, 3, 4 };
static int32_t* volatile numbers = (int32_t*)limits;
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

  for (const optimization of ["-O0", "-Os", "-O2"])
    for (const { way, name, told, other } of ways)
      it(`with ${optimization} is told of ${name}`, async () => {
        const flags = flagsFor(optimization, way);
        buildApp(root, { name: "names", folder: "names", flags, architectures: ["cortex-m4"] });
        const client = new Debugging();
        await client.start({ apps: [join(root, "examples/names/names.tab")] });
        const { threadId } = await client.stopped();
        const { description } = await client.request<{ description: string }>("exceptionInfo", {
          threadId,
        });
        assert.match(description, other?.[optimization] ?? told);
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
