// Types of C++ as text: what stands before and behind what they declare.

/** A type is `left` + what it declares + `right`. `wraps`: a pointer to it needs parentheses. */
export interface Node {
  left: string;
  right: string;
  wraps?: boolean;
  /** Elements of a pack of template arguments. */
  pack?: readonly Node[];
}

export const node = (left: string, right = ""): Node => ({ left, right });
export const textOf = ({ left, right, wraps }: Node): string =>
  wraps && right.startsWith("(") ? `${left} ${right}` : left + right;

/** With commas; packs are lists within the list. */
export const joined = (nodes: readonly Node[]): string =>
  nodes
    .flatMap(n => n.pack ?? [n])
    .map(textOf)
    .join(", ");

export function pointer(target: Node, sign: string): Node {
  const { left, right, wraps, pack } = target;
  if (pack && pack.length === 0) return target;
  if (wraps) return { left: `${left} (${sign}`, right: `)${right}` };
  // A reference to a reference is one.
  if (sign.startsWith("&") && left.endsWith("&")) {
    return sign === "&" && left.endsWith("&&")
      ? { left: left.slice(0, -1), right }
      : { left, right };
  }
  return { left: left + sign, right };
}

export function declared(result: Node, name: string, list: string): string {
  return `${result.left}${result.wraps || !/[(]$/.test(result.left) ? " " : ""}${name}${list}${result.right}`;
}

/** `vector` of `std::vector<int>`: the word of constructors. */
export function lastName(tagged: string): string {
  const text = tagged.replace(/\[abi:.*?\]/g, "");
  let depth = 0;
  let end = text.length;
  for (let i = text.length - 1; i >= 0; i--) {
    const letter = text[i];
    if (letter === ">") depth++;
    else if (letter === "<" && --depth === 0) end = i;
    else if (letter === ":" && depth === 0) return text.slice(i + 1, end);
  }
  return text.slice(0, end);
}

/** `operator< <int>` */
export const spaceBehind = (name: string): string => (name.endsWith("<") ? " " : "");

/** gcc's copies: `.constprop.0`. */
export const cloneText = (suffix: string): string =>
  [...suffix.matchAll(/\.[a-zA-Z_]+(?:\.\d+)*|\.\d+/g)]
    .map(([clone]) => ` [clone ${clone}]`)
    .join("");
