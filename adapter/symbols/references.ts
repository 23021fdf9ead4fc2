// What a symbol of C++ refers back to: substitutions (Itanium C++ ABI 5.1.10), template parameters (5.1.5.8).
import { joined, type Node, node } from "./declarators.js";
import { STANDARD } from "./demangle-tables.js";
import { Malformed, Mangled } from "./mangled.js";

export class References extends Mangled {
  protected readonly substitutions: Node[] = [];
  /** Arguments that `T_` means. */
  protected parameters: readonly Node[] = [];
  /** Which element of packs is being expanded, and how many there are. */
  protected pack: { index: number; size: number | undefined } | undefined;

  protected substitution(): Node {
    if (!this.accept("S")) throw new Malformed();
    const standard = STANDARD[this.rest[0] ?? ""];
    if (standard !== undefined) {
      this.skip(1);
      let name = standard;
      while (this.accept("B")) name += `[abi:${this.sourceName()}]`;
      return node(name);
    }
    const index = this.accept("_") ? 0 : this.base36() + 1;
    if (index > 0 && !this.accept("_")) throw new Malformed();
    const found = this.substitutions[index];
    if (!found) throw new Malformed();
    return found;
  }

  protected parameter(): Node {
    if (!this.accept("T")) throw new Malformed();
    const index = this.accept("_") ? 0 : this.number() + 1;
    if (index > 0 && !this.accept("_")) throw new Malformed();
    const found = this.parameters[index];
    if (!found) return node(`‹${index}›`);
    if (!found.pack) return found;
    if (!this.pack) return node(joined(found.pack));
    this.pack.size = found.pack.length;
    return found.pack[this.pack.index] ?? node("");
  }

  protected sourceName(): string {
    const name = this.take(this.number());
    return /^_GLOBAL_[._$]N/.test(name) ? "(anonymous namespace)" : name;
  }
}
