// Symbols of C++ back to declarations: the Itanium C++ ABI, section 5.1 "External Names (a.k.a. Mangling)".

import {
  cloneText,
  declared,
  joined,
  lastName,
  type Node,
  node,
  pointer,
  spaceBehind,
  textOf,
} from "./declarators.js";
import { BUILTIN, FULL_STANDARD, NUMBER_ENDINGS, OPERATORS, SPECIAL } from "./demangle-tables.js";
import { Malformed } from "./mangled.js";
import { References } from "./references.js";

/** A name, and what a function so named has: a result in its symbol, qualifiers behind its parameters. */
interface Name {
  text: string;
  /** Its last part has template arguments, and it is neither a constructor nor a conversion. */
  hasResult: boolean;
  qualifiers: string;
}

/** The declaration that `symbol` stands for; `undefined` if it is no symbol of C++. */
export function demangleCpp(symbol: string): string | undefined {
  const [, mangled = "", suffix = ""] = /^_?_Z([^.]+)(\..*)?$/s.exec(symbol) ?? [];
  if (mangled === "") return undefined;
  return Malformed.guard(() => {
    const demangler = new Demangler(mangled);
    const text = demangler.encoding();
    return demangler.atEnd ? text + cloneText(suffix) : undefined;
  });
}

class Demangler extends References {
  /** `inner`: around a name that is local to it, where no result stands. */
  encoding(inner = false): string {
    return this.nested(() => {
      const special = this.#special();
      if (special !== undefined) return special;
      const before = this.parameters;
      const { text, hasResult, qualifiers } = this.#name(true);
      let whole = text;
      if (!this.atEnd && !/^[E.]/.test(this.rest)) {
        const result = hasResult ? this.#type() : undefined;
        const list = `(${this.#parameterList()})${qualifiers}`;
        whole = result && !inner ? declared(result, text, list) : text + list;
      }
      const known = this.parameters;
      this.parameters = before;
      return this.#resolved(whole, known);
    });
  }

  /** A conversion operator's `T_` gets its meaning behind it. */
  #resolved(text: string, known: readonly Node[]): string {
    return text.replace(/‹(\d+)›/g, (_, index: string) => {
      const found = known[Number(index)];
      return found ? textOf(found) : "auto";
    });
  }

  #special(): string | undefined {
    if (this.accept("GTt") || this.accept("GTn")) return `transaction clone for ${this.encoding()}`;
    if (this.accept("TC")) {
      const whole = textOf(this.#type());
      this.match(/^\d+_/);
      return `construction vtable for ${textOf(this.#type())}-in-${whole}`;
    }
    const kind = this.rest.slice(0, 2);
    const text = SPECIAL[kind];
    if (text === undefined) return undefined;
    this.skip(2);
    if (kind === "Th" || kind === "Tv") this.#offset(kind[1] as string);
    if (kind === "Tc") {
      this.#offset(this.next());
      this.#offset(this.next());
    }
    if (/^T[hvc]$/.test(kind)) return text + this.encoding();
    if (/^T[VTIS]$/.test(kind)) return text + textOf(this.#type());
    const { text: name } = this.#name(false);
    if (kind === "GR" && !this.accept("_")) this.match(/^[0-9A-Z]*_/);
    return text + name;
  }

  #offset(kind: string): void {
    this.match(kind === "v" ? /^n?\d+_n?\d+_/ : /^n?\d+_/);
  }

  /** `isOwn`: of the function itself, whose template arguments its parameters may mean. */
  #name(isOwn: boolean): Name {
    if (this.accept("N")) return this.#nestedName(isOwn);
    if (this.accept("Z")) return this.#localName(isOwn);
    const isSubstitution = /^S[^t]/.test(this.rest);
    let name: string;
    if (isSubstitution) name = textOf(this.substitution());
    else name = (this.accept("St") ? "std::" : "") + this.#unqualified("");
    const hasArguments = /^I/.test(this.rest);
    if (!hasArguments) return { text: name, hasResult: false, qualifiers: "" };
    if (!isSubstitution) this.substitutions.push(node(name));
    const text = name + spaceBehind(name) + this.#arguments(isOwn);
    return { text, hasResult: !/^operator \W/.test(name) || !name.includes("‹"), qualifiers: "" };
  }

  #nestedName(isOwn: boolean): Name {
    const qualifiers = this.#qualifiers();
    const reference = this.accept("R") ? " &" : this.accept("O") ? " &&" : "";
    let text = "";
    let hasResult = false;
    while (!this.accept("E")) {
      const isArguments = /^I/.test(this.rest);
      if (isArguments) {
        text += spaceBehind(text) + this.#arguments(isOwn);
        hasResult &&= true;
      } else if (/^S(?!t)/.test(this.rest)) {
        const full = /^S(.)[CD]/.exec(this.rest)?.[1];
        const substituted = textOf(this.substitution());
        text = FULL_STANDARD[full ?? ""] ?? substituted;
        continue;
      } else if (/^T/.test(this.rest)) {
        text = textOf(this.parameter());
      } else if (/^D[tT]/.test(this.rest)) {
        text = textOf(this.#type());
        continue;
      } else if (this.accept("St")) {
        text = "std";
        continue;
      } else if (this.accept("M")) {
        // Of a member that is initialized with a lambda; nothing is said about it.
        continue;
      } else {
        const isConversion = /^cv/.test(this.rest);
        const isStructor = /^(C[IC]?[1-5]|D[0-5])/.test(this.rest);
        const part = this.#unqualified(lastName(text));
        text = text === "" ? part : `${text}::${part}`;
        hasResult = /^I/.test(this.rest) && !isConversion && !isStructor;
      }
      if (!/^E/.test(this.rest)) this.substitutions.push(node(text));
    }
    return { text, hasResult, qualifiers: qualifiers + reference };
  }

  #localName(isOwn: boolean): Name {
    const function_ = this.encoding(true);
    if (!this.accept("E")) throw new Malformed();
    if (this.accept("s")) {
      this.#discriminator();
      return { text: `${function_}::string literal`, hasResult: false, qualifiers: "" };
    }
    let argument = "";
    if (this.accept("d")) {
      const number = this.accept("_") ? 1 : this.number() + 2;
      if (number > 1) this.accept("_");
      argument = `{default arg#${number}}::`;
    }
    const name = this.#name(isOwn);
    this.#discriminator();
    return { ...name, text: `${function_}::${argument}${name.text}` };
  }

  #discriminator(): void {
    if (/^_(\d|_\d+_)/.test(this.rest)) this.match(/^_(\d|_\d+_)/);
  }

  /** `owner`: the class whose constructors and destructors are called as it. */
  #unqualified(owner: string): string {
    let name = this.#plainName(owner);
    while (this.accept("B")) name += `[abi:${this.sourceName()}]`;
    return name;
  }

  #plainName(owner: string): string {
    this.accept("L");
    if (/^\d/.test(this.rest)) return this.sourceName();
    if (/^CI/.test(this.rest)) {
      this.skip(3);
      this.#type();
      return owner;
    }
    if (/^C[1-5]/.test(this.rest)) {
      this.skip(2);
      return owner;
    }
    if (/^D[0-5]/.test(this.rest)) {
      this.skip(2);
      return `~${owner}`;
    }
    if (this.accept("Ul")) {
      const list = this.#parameterList();
      if (!this.accept("E")) throw new Malformed();
      return `{lambda(${list})#${this.#count()}}`;
    }
    if (this.accept("Ut")) return `{unnamed type#${this.#count()}}`;
    if (this.accept("DC")) {
      return `[${this.list(() => this.sourceName()).join(", ")}]`;
    }
    if (this.accept("cv")) return `operator ${textOf(this.#type())}`;
    if (this.accept("li")) return `operator"" ${this.sourceName()}`;
    const operator = OPERATORS[this.rest.slice(0, 2)];
    if (operator === undefined) throw new Malformed();
    this.skip(2);
    return `operator${/^[a-z]/.test(operator) ? " " : ""}${operator}`;
  }

  /** `_` is 1, `0_` is 2. */
  #count(): number {
    if (this.accept("_")) return 1;
    const number = this.number() + 2;
    if (!this.accept("_")) throw new Malformed();
    return number;
  }

  #simpleName(): string {
    return this.sourceName() + (/^I/.test(this.rest) ? this.#arguments(false) : "");
  }

  #qualifiers(): string {
    let text = "";
    if (this.accept("r")) text += " restrict";
    if (this.accept("V")) text = ` volatile${text}`;
    if (this.accept("K")) text = ` const${text}`;
    return text;
  }

  /** `<int, char>`. */
  #arguments(isOwn: boolean): string {
    if (!this.accept("I")) throw new Malformed();
    const list = this.list(() => this.#argument());
    if (isOwn) this.parameters = list;
    return `<${joined(list)}>`;
  }

  #argument(): Node {
    return this.nested(() => {
      if (/^L/.test(this.rest)) return node(this.#literal());
      if (this.accept("X")) {
        const text = this.#expression();
        if (!this.accept("E")) throw new Malformed();
        return node(text);
      }
      if (this.accept("J")) {
        const pack = this.list(() => this.#argument());
        return { ...node(joined(pack)), pack };
      }
      return this.#type();
    });
  }

  #literal(): string {
    if (!this.accept("L")) throw new Malformed();
    if (this.accept("_Z") || this.accept("Z")) {
      const text = this.encoding();
      if (!this.accept("E")) throw new Malformed();
      return text;
    }
    const code = this.rest[0] ?? "";
    const type = textOf(this.#type());
    const value = this.match(/^[^E]*E/)
      .slice(0, -1)
      .replace(/^n/, "-");
    if (code === "b" && /^[01]$/.test(value)) return value === "1" ? "true" : "false";
    if (code === "D") return "nullptr";
    const ending = NUMBER_ENDINGS[code];
    return ending === undefined ? `(${type})${value}` : value + ending;
  }

  #parameterList(): string {
    if (this.accept("v")) return "";
    const types: Node[] = [];
    while (!this.atEnd && !/^[E.]|^[RO]E/.test(this.rest)) types.push(this.#type());
    return joined(types);
  }

  #type(): Node {
    return this.nested(() => this.#typeOf());
  }

  #typeOf(): Node {
    const two = BUILTIN[this.rest.slice(0, 2)];
    if (two !== undefined && this.rest.startsWith("D")) {
      this.skip(2);
      return node(two);
    }
    const one = BUILTIN[this.rest[0] ?? ""];
    if (one !== undefined) {
      this.skip(1);
      return node(one);
    }
    if (this.accept("u")) return node(this.sourceName());
    const isPlainSubstitution = /^S[^t]/.test(this.rest);
    const read = this.#compound();
    if (!isPlainSubstitution || read !== this.#lastRead) this.substitutions.push(read);
    return read;
  }

  /** What a substitution alone was, which is not counted again. */
  #lastRead: Node | undefined;

  #compound(): Node {
    switch (this.rest[0]) {
      case "P":
        return pointer(this.skip(1).#type(), "*");
      case "R":
        return pointer(this.skip(1).#type(), "&");
      case "O":
        return pointer(this.skip(1).#type(), "&&");
      case "r":
      case "V":
      case "K":
        return this.#qualified();
      case "A":
        return this.#array();
      case "M":
        return this.#memberPointer();
      case "F":
        return this.#function("");
      case "C":
        return this.skip(1).#suffixed(" _Complex");
      case "G":
        return this.skip(1).#suffixed(" _Imaginary");
      case "U": {
        this.skip(1);
        const qualifier = this.sourceName();
        return this.#suffixed(` ${qualifier}`);
      }
      case "T":
        return this.#templateParameter();
      case "D":
        return this.#extended();
      case "S":
        if (!this.rest.startsWith("St")) return this.#substituted();
    }
    return this.#class();
  }

  #suffixed(text: string): Node {
    const type = this.#type();
    return { ...type, left: type.left + text };
  }

  #class(): Node {
    const before = this.parameters;
    const { text } = this.#name(false);
    this.parameters = before;
    return node(text);
  }

  #substituted(): Node {
    const found = this.substitution();
    if (!/^I/.test(this.rest)) {
      this.#lastRead = found;
      return found;
    }
    return node(textOf(found) + this.#arguments(false));
  }

  #templateParameter(): Node {
    const found = this.parameter();
    if (!/^I/.test(this.rest)) return { ...found };
    this.substitutions.push(found);
    return node(textOf(found) + this.#arguments(false));
  }

  #qualified(): Node {
    const qualifiers = this.#qualifiers();
    if (/^F/.test(this.rest)) return this.#function(qualifiers);
    const type = this.#type();
    // Of an array its elements are qualified.
    if (type.wraps && type.right.startsWith(" [")) return { ...type, left: type.left + qualifiers };
    if (type.wraps) return { ...type, right: type.right + qualifiers };
    if (type.left.endsWith(qualifiers)) return { ...type };
    return { ...type, left: type.left + qualifiers };
  }

  #array(): Node {
    this.skip(1);
    const size = /^\d/.test(this.rest)
      ? `${this.number()}`
      : /^_/.test(this.rest)
        ? ""
        : this.#expression();
    if (!this.accept("_")) throw new Malformed();
    const element = this.#type();
    const right = element.right.startsWith(" [") ? element.right.slice(1) : element.right;
    return { left: element.left, right: ` [${size}]${right}`, wraps: true };
  }

  #memberPointer(): Node {
    this.skip(1);
    const owner = textOf(this.#type());
    const member = this.#type();
    if (!member.wraps) return node(`${member.left} ${owner}::*`, member.right);
    return node(`${member.left} (${owner}::*`, `)${member.right}`);
  }

  #function(qualifiers: string): Node {
    this.accept("F");
    this.accept("Y");
    const result = this.#type();
    const list = this.#parameterList();
    const reference = this.accept("R") ? " &" : this.accept("O") ? " &&" : "";
    if (!this.accept("E")) throw new Malformed();
    return {
      left: result.left,
      right: `(${list})${qualifiers}${reference}${result.right}`,
      wraps: true,
    };
  }

  #extended(): Node {
    if (this.accept("Dp")) return this.#expansion();
    if (this.accept("Do")) return this.#compound();
    if (this.accept("Dt") || this.accept("DT")) {
      const text = this.#expression();
      if (!this.accept("E")) throw new Malformed();
      return node(`decltype (${text})`);
    }
    if (this.accept("Dv")) {
      const size = this.number();
      if (!this.accept("_")) throw new Malformed();
      return node(`${textOf(this.#type())} __vector(${size})`);
    }
    return this.#class();
  }

  /** A pattern with packs in it, once for each of their elements. */
  #expansion(): Node {
    const before = this.pack;
    const start = this.position;
    const known = this.substitutions.length;
    const pack: Node[] = [];
    this.pack = { index: 0, size: undefined };
    pack.push(this.#type());
    const size = this.pack.size ?? 1;
    for (let index = 1; index < size; index++) {
      this.position = start;
      this.substitutions.length = known;
      this.pack = { index, size };
      pack.push(this.#type());
    }
    this.pack = before;
    if (size === 0) pack.length = 0;
    return { ...node(joined(pack)), pack };
  }

  #expression(): string {
    return this.nested(() => this.#expressionOf());
  }

  /** Those that templates are mostly restricted with; others leave the symbol as it is. */
  #expressionOf(): string {
    if (/^L/.test(this.rest)) return this.#literal();
    if (/^T/.test(this.rest)) return textOf(this.parameter());
    if (/^\d/.test(this.rest)) return this.#simpleName();
    if (this.accept("fp")) return `{parm#${this.#count()}}`;
    if (this.accept("sp")) return `${this.#expression()}...`;
    if (this.accept("sZ")) return `sizeof...(${this.#expression()})`;
    if (this.accept("st")) return `sizeof (${textOf(this.#type())})`;
    if (this.accept("sr")) {
      const isNames = /^\d/.test(this.rest);
      const owner = isNames ? this.list(() => this.#simpleName()).join("::") : textOf(this.#type());
      return `${owner}::${this.#simpleName()}`;
    }
    if (this.accept("cl")) {
      const called = this.#expression();
      return `${called}(${this.list(() => this.#expression()).join(", ")})`;
    }
    const operator = OPERATORS[this.rest.slice(0, 2)];
    const code = this.rest.slice(0, 2);
    if (operator === undefined || !/^[a-z]/.test(code)) throw new Malformed();
    this.skip(2);
    if (/^(ps|ng|ad|de|co|nt|sz)$/.test(code)) return `${operator}(${this.#expression()})`;
    if (code === "qu") {
      const [a, b, c] = [this.#expression(), this.#expression(), this.#expression()];
      return `(${a})?(${b}) : (${c})`;
    }
    const [left, right] = [this.#expression(), this.#expression()];
    return `(${left})${operator}(${right})`;
  }
}
