// Where the parts of a process's memory stand in a picture: parts that belong together to one scale, high addresses on top,
// the empty stretches between them collapsed. Pure arithmetic in pixels; view/memory.ts draws it.

/** Addresses `[low, high)`. */
export interface Extent {
  low: number;
  high: number;
}

/** A stretch of the picture, to be drawn from `top` down. */
export interface Strip extends Extent {
  top: number;
  height: number;
  /** Index of the part that lies here; `null` where there is none. */
  part: number | null;
  /** `gap`: collapsed. `raised`: higher than the scale of its block says, so that its name can be read. */
  scale: "true" | "raised" | "gap";
}

/** Strips of neighbouring addresses to one scale. */
export interface Block extends Extent {
  top: number;
  height: number;
}

export interface MemoryLayout {
  height: number;
  /** From the highest address down, without holes. */
  strips: readonly Strip[];
  blocks: readonly Block[];
}

/** A strip has room for one line of text. */
export const lowestStrip = 22;
const gapHeight = 34;
const heightPerStrip = 46;
const highestBlock = 400;
/** Extents closer together than this part of their size are drawn in one block. */
const nearness = 1 / 4;

/**
 * Lays out `parts` (ascending, without overlaps), what else is to be seen at its true place, and single addresses that may
 * lie anywhere. Empty without any extent.
 */
export function layOut(
  parts: readonly Extent[],
  others: readonly Extent[],
  marks: readonly number[],
): MemoryLayout {
  const extents = join([...parts, ...others].filter(({ low, high }) => low < high));
  const lowest = extents[0]?.low ?? 0;
  const highest = extents.at(-1)?.high ?? 0;
  const strips: Strip[] = [];
  const blocks: Block[] = [];
  let top = 0;
  const gap = (low: number, high: number) => {
    strips.push({ low, high, top, height: gapHeight, part: null, scale: "gap" });
    top += gapHeight;
  };
  const above = Math.max(...marks, 0);
  if (extents.length > 0 && above >= highest) gap(highest, above + 1);
  for (const [index, { low, high }] of extents.toReversed().entries()) {
    const before = extents.at(-index);
    if (index > 0 && before !== undefined) gap(high, before.low);
    const cuts = cutAt({ low, high }, parts);
    const height = Math.min(highestBlock, Math.max(cuts.length, 2) * heightPerStrip);
    blocks.push({ low, high, top, height });
    for (const strip of toScale(cuts, height)) {
      strips.push({ ...strip, top });
      top += strip.height;
    }
  }
  const below = Math.min(...marks);
  if (extents.length > 0 && below < lowest) gap(below, lowest);
  return { height: top, strips, blocks };
}

/** Merges what overlaps or lies near. */
function join(extents: readonly Extent[]): Extent[] {
  const joined: Extent[] = [];
  for (const { low, high } of extents.toSorted((a, b) => a.low - b.low)) {
    const last = joined.at(-1);
    const size = last === undefined ? 0 : Math.min(last.high - last.low, high - low);
    if (last !== undefined && low - last.high <= size * nearness) {
      last.high = Math.max(last.high, high);
    } else joined.push({ low, high });
  }
  return joined;
}

interface Cut extends Extent {
  part: number | null;
}

/** The block in pieces from the highest down: the parts in it, and what lies between them. */
function cutAt(block: Extent, parts: readonly Extent[]): Cut[] {
  const cuts: Cut[] = [];
  let at = block.low;
  for (const [index, { low, high }] of parts.entries()) {
    if (low < block.low || high > block.high || low >= high) continue;
    if (at < low) cuts.push({ low: at, high: low, part: null });
    cuts.push({ low, high, part: index });
    at = high;
  }
  if (at < block.high) cuts.push({ low: at, high: block.high, part: null });
  return cuts.reverse();
}

/** Heights in proportion to sizes; what would be too low for its name is raised, and the rest shares what is left. */
function toScale(cuts: readonly Cut[], height: number): Omit<Strip, "top">[] {
  const raised = new Set<Cut>();
  for (;;) {
    const rest = cuts.filter(cut => !raised.has(cut));
    const size = rest.reduce((sum, { low, high }) => sum + (high - low), 0);
    const room = height - raised.size * lowestStrip;
    const heightOf = ({ low, high }: Cut) => ((high - low) * room) / size;
    const small = rest.filter(cut => heightOf(cut) < lowestStrip);
    for (const cut of small) raised.add(cut);
    if (small.length > 0) continue;
    return cuts.map(cut =>
      raised.has(cut)
        ? { ...cut, height: lowestStrip, scale: "raised" }
        : { ...cut, height: heightOf(cut), scale: "true" },
    );
  }
}

/** How far down an address lies; a strip's `low` is its lower edge. Addresses outside of the picture lie at its edge. */
export function place({ strips, height }: MemoryLayout, address: number): number {
  for (const { low, high, top, height: own } of strips) {
    if (address >= high) return top;
    if (address >= low) return top + (own * (high - address)) / (high - low);
  }
  return height;
}

/**
 * Middles of labels of one size, in the order of `wanted` (ascending), each as near as can be to where it is wanted, none
 * over another, all between 0 and `height` as long as they fit there.
 */
export function spread(wanted: readonly number[], size: number, height: number): number[] {
  // Labels that push each other form groups, which stand centred on where their members want to be.
  const groups: { start: number; members: number }[] = [];
  const clamp = (start: number, members: number) =>
    Math.max(0, Math.min(start, height - members * size));
  let sum: number[] = [];
  for (const middle of wanted) {
    groups.push({ start: clamp(middle - size / 2, 1), members: 1 });
    sum.push(middle - size / 2);
    for (;;) {
      const [a, b] = groups.slice(-2);
      if (a === undefined || b === undefined || a.start + a.members * size <= b.start) break;
      const members = a.members + b.members;
      // The k-th member of a group stands k sizes below its start.
      const total = (sum.at(-2) as number) + (sum.at(-1) as number) - a.members * b.members * size;
      groups.splice(-2, 2, { start: clamp(total / members, members), members });
      sum = [...sum.slice(0, -2), total];
    }
  }
  return groups.flatMap(({ start, members }) =>
    Array.from({ length: members }, (_, k) => start + k * size + size / 2),
  );
}

/** A column for each extent, so that no two in one overlap; the first that is free. */
export function columns(extents: readonly Extent[]): number[] {
  const taken: Extent[][] = [];
  return extents.map(extent => {
    const free = taken.findIndex(column =>
      column.every(({ low, high }) => extent.high <= low || high <= extent.low),
    );
    const column = free === -1 ? taken.length : free;
    (taken[column] ??= []).push(extent);
    return column;
  });
}
