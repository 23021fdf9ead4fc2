// Requests of any shape, in any order, also while the board runs: each gets exactly one answer, and a wrong one a sentence.
import assert from "node:assert/strict";
import fc from "fast-check";
import { filters } from "../../adapter/exceptions/filters.js";
import { nodeHost } from "../../adapter/host.node.js";
import { Session } from "../../adapter/session.js";
import { DapClient, inlineChannel } from "../../cli/dap-client.js";
import { sourceOf, tabOf } from "../adapter/debugging.js";
import { scaled, tell } from "./cases.js";

type Message = Record<string, unknown>;
type Shape = Record<string, fc.Arbitrary<unknown>>;

/** Numbers and texts that are wrong in an interesting way, and any JSON at all. */
const wild: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(0, -1, 1, 2, 0.5, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308),
  fc.constantFrom("", "0x", "-1", "__proto__", "constructor", "\0", "{a}", "0xffffffff", "é\n"),
  fc.constantFrom(null, true, false, [], {}, [null], { length: 1e9 }, [[]], { "": null }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ maxLength: 30 }),
);

const thread = fc.constantFrom(1, 2, 3);
const small = fc.integer({ min: -3, max: 60 });
const address = fc.constantFrom(
  "0x20008000",
  "0x00040000",
  "0x00040081",
  "0xfffffff0",
  "0",
  "0xe000ed00",
  "0x4001ffff",
);
const expression = fc.oneof(
  fc.constantFrom("$pc", "$sp", "list", "*list", "&list", "list->next", "a[1]", "1/0", "(", "-1"),
  fc
    .array(
      fc.constantFrom("list", "main", "->", ".", "*", "&", "[", "]", "(", ")", "1", "+", "$r0"),
      { maxLength: 8 },
    )
    .map(parts => parts.join("")),
);
const terms = {
  condition: fc.oneof(expression, fc.constant("")),
  hitCondition: fc.constantFrom("", "1", "> 2", "% 0", "x", "<= 1e9"),
  logMessage: fc.constantFrom("", "{list}", "{list,x} {", "{}", "\\{a"),
};
const breakpoint = (place: Shape) =>
  fc.array(
    fc
      .tuple(fc.record(place), fc.record(terms, { requiredKeys: [] }))
      .map(([where, when]) => ({ ...where, ...when })),
    { maxLength: 4 },
  );
const breakpoints = breakpoint({ line: small });
const source = fc.constantFrom(
  { path: sourceOf("locals") },
  { path: sourceOf("grants") },
  { path: "/nowhere/x.c" },
);
const app = fc.constantFrom(tabOf("locals"), tabOf("grants"), "/nowhere/x.tab", sourceOf("locals"));
const launch: Shape = {
  apps: fc.array(app, { minLength: 1, maxLength: 3 }),
  speed: fc.constantFrom("max", "realtime"),
  stopOnEntry: fc.boolean(),
  inputs: fc.array(fc.constantFrom("0:button0=down", "console=abc\\n", "x", "1s:led0=1"), {
    maxLength: 2,
  }),
  seed: small,
  sourceMap: fc.constant({ "/a": "/b" }),
};

/** Every request with the fields that it knows, sensible each for itself. */
const requests: Record<string, Shape> = {
  initialize: { linesStartAt1: fc.boolean(), adapterID: fc.constant("tock") },
  launch,
  attach: {},
  setBreakpoints: { source, breakpoints },
  setExceptionBreakpoints: {
    filters: fc.subarray(filters.map(({ id }) => id)),
    filterOptions: fc.array(
      fc.record({
        filterId: fc.constantFrom(...filters.map(({ id }) => id), "nothing"),
        condition: fc.oneof(expression, fc.constantFrom("driver == Console", 'app == "x"', "1")),
      }),
      { maxLength: 2 },
    ),
  },
  configurationDone: {},
  threads: {},
  stackTrace: { threadId: thread, startFrame: small, levels: small },
  scopes: { frameId: small },
  variables: { variablesReference: small, start: small, count: small },
  evaluate: { expression, frameId: small, context: fc.constantFrom("watch", "hover", "repl") },
  source: { source: fc.constant({ path: "/x" }), sourceReference: small },
  loadedSources: {},
  exceptionInfo: { threadId: thread },
  readMemory: { memoryReference: address, offset: small, count: small },
  disassemble: {
    memoryReference: address,
    instructionOffset: fc.oneof(small, fc.integer()),
    instructionCount: small,
  },
  continue: { threadId: thread },
  next: { threadId: thread, granularity: fc.constantFrom("line", "instruction") },
  stepIn: { threadId: thread, granularity: fc.constantFrom("line", "instruction") },
  stepOut: { threadId: thread },
  pause: { threadId: thread },
  restart: {},
  terminate: {},
  disconnect: {},
  "tock/input": { device: fc.constantFrom("button0", "console", "led0"), value: wild },
  setFunctionBreakpoints: { breakpoints: breakpoint({ name: fc.constantFrom("main", "x", "") }) },
  setInstructionBreakpoints: {
    breakpoints: breakpoint({ instructionReference: address, offset: small }),
  },
  dataBreakpointInfo: {
    name: fc.oneof(expression, address),
    variablesReference: small,
    frameId: small,
    bytes: small,
    asAddress: fc.boolean(),
  },
  setDataBreakpoints: {
    breakpoints: breakpoint({
      dataId: fc.constantFrom("0x20008000:4", "0x20009800:400", "0xfffffffe:9", "0x0:0", "x"),
      accessType: fc.constantFrom("read", "write", "readWrite"),
    }),
  },
  breakpointLocations: { source, line: small, endLine: small },
  stepInTargets: { frameId: small },
  gotoTargets: { source, line: small },
  restartFrame: { frameId: small },
  goto: { threadId: thread, targetId: fc.oneof(small, fc.integer()) },
  terminateThreads: { threadIds: fc.array(thread, { maxLength: 2 }) },
  completions: { text: expression, column: small, frameId: small },
  setVariable: { variablesReference: small, name: fc.constantFrom("r0", "day"), value: expression },
  setExpression: { expression, value: expression, frameId: small },
  writeMemory: {
    memoryReference: address,
    offset: small,
    data: fc.constantFrom("AAAA", "", "?", "AAAAAAAAAAAA"),
    allowPartial: fc.boolean(),
  },
  locations: { locationReference: small },
  cancel: { requestId: small },
  "": {},
  __proto__x: {},
};

/** Arguments of a request in which some fields are missing, some wrong, and some are too many. */
function argumentsOf(shape: Shape): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape).map(([name, right]) =>
    fc
      .oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: wild })
      .map(value => [name, value] as const),
  );
  const whole = fc.tuple(...fields).map(entries => Object.fromEntries(entries));
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: whole.map(all => Object.fromEntries(Object.entries(all).slice(1))) },
    { weight: 1, arbitrary: wild },
  );
}

/** `terminate` and `disconnect` end the fun, so they are rare. */
const RARE = new Set(
  "launch attach initialize terminate disconnect restart terminateThreads continue  __proto__x".split(
    " ",
  ),
);

const request: fc.Arbitrary<Message> = fc.oneof(
  ...Object.entries(requests).map(([command, shape]) => ({
    weight: RARE.has(command) ? 1 : command === "pause" ? 20 : 5,
    arbitrary: argumentsOf(shape).map(args => ({ command, arguments: args })),
  })),
);

/** Whether sessions are set up first, and what follows. */
interface Story {
  launched: boolean;
  begun: boolean;
  requests: { message: Message; wait: boolean }[];
}
const LENGTH = 250;
const story: fc.Arbitrary<Story> = fc.record({
  // A session without a launch refuses nearly everything, which gets dull.
  launched: fc.integer({ min: 0, max: 9 }).map(n => n > 0),
  begun: fc.integer({ min: 0, max: 4 }).map(n => n > 0),
  requests: fc.array(fc.record({ message: request, wait: fc.boolean() }), {
    minLength: LENGTH,
    maxLength: LENGTH,
  }),
});

const REQUESTS = 100_000;
const SECONDS = 10;

/** The answer, or a failure when none comes. */
async function answered<T>(answer: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${what}`)), SECONDS * 1000);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function judge(message: Message, response: { success: boolean; message?: string }): void {
  if (response.success) return;
  const text = response.message ?? "";
  const where = `${JSON.stringify(message)} → ${text}`;
  assert.match(text, /^\S[^\n]*\S$/u, where);
  assert.doesNotMatch(text, /fault of its own|undefined|\[object|NaN/, where);
}

/** Where answers hold numbers that may be asked about. */
const GIVEN = new Map([
  ["frameId", /"id":(\d+),"name":"[^"]*","(?:source|line)/g],
  ["variablesReference", /"variablesReference":([1-9]\d*)/g],
  ["locationReference", /LocationReference":(\d+)/g],
  ["targetId", /"id":(\d{4,}),"label"/g],
]);
const GUESSES = 10;
const AFTER_END = 10;

/** A session in which a story is told. */
class Teller {
  readonly #client = new DapClient(inlineChannel(new Session(nodeHost)));
  readonly #open: Promise<void>[] = [];
  /** Numbers that the session gave at last, by the field that asks with them. */
  readonly #given = new Map<string, number[]>();
  refused = 0;
  answers = 0;
  sentAfterEnd = 0;
  #disconnected = false;

  static async begin({ launched, begun }: Story): Promise<Teller> {
    const teller = new Teller();
    if (launched) {
      const apps = [tabOf("locals"), tabOf("grants")];
      await teller.#client.request("initialize", {});
      await teller.#client.request("launch", { apps, speed: "max", stopOnEntry: true });
    }
    if (launched && begun) await teller.#client.request("configurationDone");
    return teller;
  }

  async send(message: Message, wait: boolean): Promise<void> {
    if (this.#ended) this.sentAfterEnd++;
    if (message["command"] === "disconnect") this.#disconnected = true;
    const args = this.#withGiven(message["arguments"]);
    const sent = this.#client.send(message["command"] as string, args);
    const answer = answered(sent, JSON.stringify(message)).then(response => {
      this.answers++;
      if (!response.success) this.refused++;
      judge(message, response);
      this.#note(response.body);
    });
    this.#open.push(answer);
    if (wait) await answer;
  }

  get #ended(): boolean {
    if (this.#disconnected) return true;
    return this.#client.events.some(({ event }) => event === "terminated");
  }

  #note(body: unknown): void {
    const text = JSON.stringify(body ?? {});
    for (const [field, pattern] of GIVEN) {
      const found = [...text.matchAll(pattern)].map(match => Number(match[1]));
      if (found.length > 0) this.#given.set(field, found);
    }
  }

  /** Numbers are guesses or, if they are large, stand for one that the session gave. */
  #withGiven(args: unknown): unknown {
    if (typeof args !== "object" || args === null) return args;
    const fields = Object.entries(args).map(([name, value]) => {
      const known = this.#given.get(name);
      const replaced = known && typeof value === "number" && value >= GUESSES && value < 100;
      return [name, replaced ? known[value % known.length] : value];
    });
    return Array.isArray(args) ? args : Object.fromEntries(fields);
  }

  /** Each request was answered once, and so is the last. */
  async end(): Promise<void> {
    try {
      await Promise.all(this.#open);
    } finally {
      await answered(this.#client.send("disconnect"), "disconnect");
    }
    const of = (type: string) => this.#client.messages.filter(m => m.type === type).length;
    assert.equal(of("response"), of("request"));
  }
}

describe("requests of any shape", () => {
  let cases = 0;
  let refused = 0;
  let sessions = 0;

  after(() => tell(`${cases} requests in ${sessions} sessions, ${refused} of them refused`));

  it("each get one answer, and a sentence when they are wrong", async function () {
    this.timeout(0);
    const end = async (teller: Teller) => {
      await teller.end();
      sessions++;
      cases += teller.answers;
      refused += teller.refused;
    };
    const run = async (given: Story) => {
      let teller = await Teller.begin(given);
      for (const { message, wait } of given.requests) {
        await teller.send(message, wait);
        // What comes behind the end is refused; then the story goes on elsewhere.
        if (teller.sentAfterEnd < AFTER_END) continue;
        await end(teller);
        teller = await Teller.begin(given);
      }
      await end(teller);
    };
    await fc.assert(fc.asyncProperty(story, run), { numRuns: scaled(REQUESTS / LENGTH) });
    assert.ok(cases >= scaled(REQUESTS / LENGTH) * LENGTH);
  });

  it("messages that are no requests are answered once, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(wild, fc.record({ type: wild, command: wild })), async raw => {
        const client = new DapClient(inlineChannel(new Session(nodeHost)));
        if ((raw as Message | null)?.["type"] === "response") return;
        client.sendRaw(raw);
        await client.send("disconnect");
        const refusals = client.messages.filter(m => m.type === "response");
        assert.equal(refusals.length, 2);
        cases++;
      }),
      { numRuns: scaled(2000) },
    );
  });
});
