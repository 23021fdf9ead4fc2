// An ELF with about 5 MB of debug information, compiled from generated C: many units, functions, types and lines.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface LargeElf {
  path: string;
  /** A source in the middle and a line in a function of it. */
  source: string;
  line: number;
}

const UNITS = 30;
const FUNCTIONS = 110;
/** Lines of one function and of what is declared for it. */
const SPAN = 27;

/** C of one unit; every function has types, locals, blocks and inlined calls of its own. */
function unitText(unit: number): string {
  const parts = ["typedef unsigned int word;"];
  for (let i = 0; i < FUNCTIONS; i++) {
    const id = `${unit}_${i}`;
    parts.push(`enum color_${id} { RED_${id}, GREEN_${id} = ${i + 2}, BLUE_${id} };
struct point_${id} { int x; short y; unsigned char tag : 3; enum color_${id} color; };
union view_${id} { word whole; unsigned char bytes[4]; struct point_${id}* point; };
struct list_${id} {
  struct list_${id}* next;
  struct point_${id} points[${(i % 7) + 1}];
  union view_${id} view;
  int (*compare)(const struct point_${id}*, const struct point_${id}*);
};
static volatile struct list_${id} state_${id};
static inline __attribute__((always_inline)) int clamp_${id}(int value, int low, int high) {
  if (value < low) return low;
  return value > high ? high : value;
}
int work_${id}(struct list_${id}* list, const char* text, word count) {
  int sum = clamp_${id}(text[0], ${i}, ${i + 50});
  for (word round = 0; round < count; round++) {
    struct point_${id}* point = &list->points[round % ${(i % 7) + 1}];
    long long scaled = (long long)point->x * (int)round;
    if (list->compare && list->compare(point, list->points)) {
      union view_${id} view = { .whole = (word)scaled };
      sum += clamp_${id}(view.bytes[1], 1, 9);
    } else sum ^= (int)scaled + state_${id}.points[0].y;
    list = list->next ? list->next : list;
  }
  return sum;
}`);
  }
  return `${parts.join("\n")}\n`;
}

/** Compiles it in `folder`; needs arm-none-eabi-gcc. */
export function buildLargeElf(folder: string): LargeElf {
  const names = Array.from({ length: UNITS }, (_, unit) => {
    writeFileSync(join(folder, `unit${unit}.c`), unitText(unit));
    return `unit${unit}.c`;
  });
  writeFileSync(join(folder, "start.c"), "void _start(void) {}\n");
  const options = "-mcpu=cortex-m4 -mthumb -Og -gdwarf-5 -ffreestanding -nostdlib";
  const path = join(folder, "large.elf");
  execFileSync(
    "arm-none-eabi-gcc",
    [...options.split(" "), "start.c", ...names, "-Wl,-Ttext=0x40000", "-o", path],
    { cwd: folder },
  );
  return { path, source: `unit${UNITS >> 1}.c`, line: 2 + SPAN * (FUNCTIONS >> 1) + 16 };
}
