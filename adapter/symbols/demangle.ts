// Names in ELF symbol tables as their users wrote them.
import { demangleCpp } from "./demangle-cpp.js";
import { demangleRust } from "./demangle-rust.js";

/** Paths of Rust without hashes, declarations of C++ with parameters; any other symbol as it is. */
export const demangle = (symbol: string): string =>
  demangleRust(symbol) ?? demangleCpp(symbol) ?? symbol;

/** What a function is called without its parameters: `zoo::Cat::feed` of `zoo::Cat::feed(int)`. */
export function withoutParameters(name: string): string {
  const end = name.lastIndexOf(")");
  let depth = 0;
  for (let i = end; i > 0; i--) {
    if (name[i] === ")") depth++;
    if (name[i] === "(" && --depth === 0) return name.slice(0, i);
  }
  return name;
}
