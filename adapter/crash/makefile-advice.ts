// What to change in the Makefile of a libtock-c app (Configuration.mk, AppMakefile.mk), and how the change reaches the app.
import { quoted } from "./culprit.js";
import type { Explanation } from "./model.js";

/** No rule of libtock-c depends on the Makefile itself, so `make` alone keeps the app of the old value. */
export const REBUILD = `Build it with ${quoted("make clean")} and ${quoted("make")}: ${quoted("make")} alone does not see the change.`;

/** Functions of C that return null where the heap has no room. */
export const isAllocation = (call: string): boolean =>
  /^_?(?:malloc|calloc|realloc|reallocarray|memalign|aligned_alloc|strdup|strndup)(?:_r)?\(\)$/.test(
    call,
  );

/** Of a null pointer that such a function returned. */
export const heapFix = (call: string): Explanation["fix"] => ({
  text: `${quoted(call)} found no room in the heap: check what it returns, and ask for less or raise ${quoted("APP_HEAP_SIZE")} in the app's Makefile. ${REBUILD}`,
  variable: "APP_HEAP_SIZE",
});
