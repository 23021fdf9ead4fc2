// A small typed client of the Debug Adapter Protocol for tests: over streams, sockets, ports or a session in the same process.
import type { Readable, Writable } from "node:stream";
import type { MessagePort, Worker } from "node:worker_threads";
import type { DebugProtocol } from "@vscode/debugprotocol";

type Message = DebugProtocol.ProtocolMessage;
type Response = DebugProtocol.Response;
type Event = DebugProtocol.Event;

/** Carries messages both ways. */
export interface Channel {
  send(message: Message): void;
  /** Called once, before anything is sent. */
  listen(receive: (message: Message) => void): void;
}

/** `Content-Length` framing over a pair of streams (a child process, a socket). */
export function streamChannel(output: Readable, input: Writable): Channel {
  return {
    send(message) {
      const json = JSON.stringify(message);
      input.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
    },
    listen(receive) {
      let pending = Buffer.alloc(0);
      output.on("data", (chunk: Buffer) => {
        pending = Buffer.concat([pending, chunk]);
        for (;;) {
          const head = /^Content-Length: (\d+)\r\n\r\n/.exec(pending.toString("latin1", 0, 64));
          if (head === null) return;
          const start = head[0].length;
          const end = start + Number(head[1]);
          if (pending.length < end) return;
          receive(JSON.parse(pending.toString("utf8", start, end)) as Message);
          pending = pending.subarray(end);
        }
      });
    },
  };
}

export const portChannel = (port: MessagePort | Worker): Channel => ({
  send: message => port.postMessage(message),
  listen: receive => void port.on("message", receive),
});

/** What VS Code calls an inline adapter; `Session` is one. */
export interface InlineAdapter {
  handleMessage(message: Message): void;
  onDidSendMessage: (listener: (message: unknown) => void) => unknown;
}

/** A session in this process; messages are copied as JSON would. */
export const inlineChannel = (adapter: InlineAdapter): Channel => ({
  send: message => adapter.handleMessage(structuredClone(message)),
  listen: receive =>
    void adapter.onDidSendMessage(m => receive(JSON.parse(JSON.stringify(m)) as Message)),
});

/** A request that the adapter refused. */
export class RequestFailed extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(response.message);
    this.response = response;
  }
}

export class DapClient {
  readonly #channel: Channel;
  #seq = 1;
  readonly #pending = new Map<number, (response: Response) => void>();
  /** Every event so far, in order. */
  readonly events: Event[] = [];
  /** Every message in order of arrival or sending, for transcripts. */
  readonly messages: Message[] = [];
  #read = 0;
  #wake: (() => void)[] = [];
  /** Answers requests of the adapter, such as those of a worker for files; gives the body. */
  serve: (command: string, args: unknown) => Promise<unknown> = async () => undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.listen(message => this.#receive(message));
  }

  async #serve({ seq, command, arguments: args }: DebugProtocol.Request): Promise<void> {
    const body = await this.serve(command, args);
    const answer = { seq: this.#seq++, type: "response", request_seq: seq, command, body };
    this.#channel.send({ ...answer, success: body !== undefined } as Response);
  }

  #receive(message: Message): void {
    if (message.type === "request") {
      void this.#serve(message as DebugProtocol.Request);
      return;
    }
    this.messages.push(message);
    if (message.type === "response") {
      const response = message as Response;
      this.#pending.get(response.request_seq)?.(response);
      this.#pending.delete(response.request_seq);
    } else if (message.type === "event") {
      this.events.push(message as Event);
      for (const wake of this.#wake.splice(0)) wake();
    }
  }

  /** Sends a request and gives its response, whether it succeeded or not. */
  send(command: string, args?: unknown): Promise<Response> {
    const message = { seq: this.#seq++, type: "request", command, arguments: args };
    return new Promise(resolve => {
      this.#pending.set(message.seq, resolve);
      this.messages.push(message);
      this.#channel.send(message);
    });
  }

  /** Sends a request; gives the body, or throws `RequestFailed`. */
  async request<B = Record<string, unknown>>(command: string, args?: unknown): Promise<B> {
    const response = await this.send(command, args);
    if (!response.success) throw new RequestFailed(response);
    return (response.body ?? {}) as B;
  }

  /** Sends anything at all; no answer is awaited. */
  sendRaw(message: unknown): void {
    this.#channel.send(message as Message);
  }

  /** The next event with one of `names` after the last one taken; skips others. */
  async next(names: readonly string[]): Promise<Event> {
    for (;;) {
      while (this.#read < this.events.length) {
        const event = this.events[this.#read++] as Event;
        if (names.includes(event.event)) return event;
      }
      await new Promise<void>(resolve => this.#wake.push(resolve));
    }
  }

  /** The body of the next event called `name` after the last one taken. */
  async event<B = Record<string, unknown>>(name: string): Promise<B> {
    return (await this.next([name])).body as B;
  }

  stopped(): Promise<DebugProtocol.StoppedEvent["body"]> {
    return this.event<DebugProtocol.StoppedEvent["body"]>("stopped");
  }

  /** All text of `output` events of one category. */
  output(category: string): string {
    return this.events
      .filter(e => e.event === "output" && e.body.category === category)
      .map(e => e.body.output as string)
      .join("");
  }
}
