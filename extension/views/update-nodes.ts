// Brings rows of a tree up to date in place: VS Code knows a row by its object, and forgets for a moment all that it is to draw
// anew, so that a click or a key then finds nothing. What has not changed is left alone.
import type { Node } from "./nodes.js";

/** The rows that are to be drawn anew, with what is below them; `undefined`: all of them, as others have come or gone. */
export function updateNodes(old: readonly Node[], fresh: readonly Node[]): Node[] | undefined {
  if (old.length !== fresh.length || old.some(({ id }, i) => id !== fresh[i]?.id)) return undefined;
  return old.flatMap((node, i) => updateNode(node, fresh[i] as Node));
}

function updateNode(node: Node, fresh: Node): Node[] {
  const { children: before, ...shown } = node;
  const { children: after, ...shows } = fresh;
  const below = before && after && updateNodes(before, after);
  // The same rows stay the same objects.
  const children = below === undefined ? after : before;
  for (const key of Object.keys(node)) delete (node as unknown as Record<string, unknown>)[key];
  Object.assign(node, shows, children === undefined ? {} : { children });
  const isSame = JSON.stringify(shown) === JSON.stringify(shows);
  const sameRows = below !== undefined || (before === undefined && after === undefined);
  return isSame && sameRows ? (below ?? []) : [node];
}
