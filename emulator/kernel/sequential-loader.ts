// The loader that checks credentials and lets no two apps of one identity run (kernel/src/process_loading.rs
// `SequentialProcessLoaderMachine`). First every binary in flash is checked, then processes are made of those that passed.
// Upstream does it in deferred calls; here all of it happens at once, at boot before any process runs. The same loader makes a
// process of a binary that was installed later.
import { hex } from "../base/bits.js";
import { discoverBinary, isBinary, range } from "./binary.js";
import type { Region } from "./boundary.js";
import { type CredentialsPolicy, checkCredentials, noCredentials } from "./checker.js";
import { CheckerDebug } from "./checker-debug.js";
import type { ProcessLoadError } from "./dynamic-loading.js";
import type { IdentityPolicies } from "./identity.js";
import { type LoaderHost, loadProcess } from "./loader.js";
import type { Binary } from "./process.js";
import type { ProcessFaultPolicy } from "./resources.js";

const NO_SLOT = "Nowhere to store the loaded process; install fewer apps";

/** Where apps lie, and what decides about them. */
export interface Loading {
  flash: Region;
  /** RAM for processes. */
  memory: Region;
  faultPolicy: ProcessFaultPolicy;
  credentials?: CredentialsPolicy | undefined;
}

/** Who is told of every binary in turn: of a process that was made, or why there is none. */
export type LoadReport = (error: ProcessLoadError | undefined) => void;

/**
 * Makes a process of every binary in `loading.flash` that may run; the RAM that no process got. A binary that is blocked by
 * another one is reported to nobody.
 */
export function loadSequentially(
  host: LoaderHost,
  loading: Loading,
  processSlots: number,
  report: LoadReport = () => {},
): Region {
  const accepted = discoverAccepted(host, loading, processSlots, report);
  let remaining = loading.memory;
  for (;;) {
    const binary = accepted.shift();
    if (binary === undefined) return remaining;
    const blocking = blockedBy(host, binary, accepted);
    if (blocking !== undefined) {
      host.notice(
        `${appOf(binary)} was not loaded: ${blocking} is the same app; keep one of the two, or give this one an identity of its own.`,
      );
      continue;
    }
    const index = host.nextSlot();
    if (index < 0) {
      host.notice(`${appOf(binary)} was not loaded: ${NO_SLOT}.`);
      report("NoProcessSlot");
      continue;
    }
    const loaded = loadProcess(host, binary, remaining, index, loading.faultPolicy);
    host.debugLoad(
      loaded.process === undefined
        ? `Could not load process: ${loaded.error}.`
        : `Loading: Loaded process ${binary.name}`,
    );
    remaining = loaded.remaining;
    report(loaded.kind);
  }
}

const appOf = ({ name, flash }: Binary): string => `App "${name}" at ${hex(flash.start)}`;

/** The binaries that may run, as many as there are process slots, in the order in which they lie in flash. */
function discoverAccepted(
  host: LoaderHost,
  { flash, credentials = noCredentials }: Loading,
  processSlots: number,
  report: LoadReport,
): Binary[] {
  const accepted: Binary[] = [];
  for (let rest = flash; ; ) {
    host.debugLoad(`Looking for process binary in flash=${range(rest.start, rest.size)}`);
    const discovered = discoverBinary(host.memory, rest);
    const { found } = discovered;
    rest = discovered.rest;
    if (!isBinary(found)) {
      if (found.notice !== null) host.notice(found.notice);
      if (found.kind === "NotEnoughFlash" || found.kind === "TbfHeaderNotFound") return accepted;
      for (const line of found.debug) host.debugLoad(line);
      host.debugLoad(`Loading: unable to create ProcessBinary: ${found.text}`);
      report("BinaryError");
      continue;
    }
    const checked = check(host, found, credentials);
    if (checked === undefined) report("CheckError");
    else if (accepted.length < processSlots) accepted.push(checked);
    else {
      host.notice(`${appOf(found)} was not loaded: ${NO_SLOT}.`);
      report("NoProcessSlot");
    }
  }
}

/** The binary with the key that it was accepted by, if any; `undefined` if it may not run. */
function check(
  host: LoaderHost,
  binary: Binary,
  credentials: CredentialsPolicy,
): Binary | undefined {
  const { start, end } = binary.flash;
  const tbf = host.memory.readBytes(start, end - start);
  const debug = new CheckerDebug(binary, line => host.debugCredentials(line));
  const checked = checkCredentials(credentials, tbf, binary.binaryEnd, debug);
  if ("error" in checked) {
    host.debugLoad(`Loading: Process ${binary.name} check failed ${checked.error}`);
    host.notice(
      `${appOf(binary)} was not loaded: ${checked.error}; this board runs only apps ${credentials.accepted}.`,
    );
    return undefined;
  }
  host.debugLoad(`Loading: Check succeeded for process ${binary.name}`);
  return checked.keyId === undefined ? binary : { ...binary, keyId: checked.keyId };
}

/** Who keeps a binary from running: a newer binary of its identity that waits, or a process of it. */
function blockedBy(
  host: LoaderHost,
  binary: Binary,
  waiting: readonly Binary[],
): string | undefined {
  const { identity } = host;
  for (const other of waiting) {
    const blocks = isSameApp(identity, binary, other) && other.version > binary.version;
    debugBlock(host, `ProcessBinary ${named(other)}`, blocks, binary);
    if (blocks) return `version ${other.version} at ${hex(other.flash.start)}`;
  }
  for (const { data } of host.allProcesses()) {
    const blocks =
      identity.sameApp?.(binary, data.binary) === true ||
      (data.shortId !== null && identity.assigner(binary) === data.shortId);
    debugBlock(host, `Process ${named(data.binary)}`, blocks, binary);
    if (blocks) return `process ${data.index}`;
  }
  return undefined;
}

const named = ({ name, flash }: Binary): string => `${name}(${hex(flash.start)})`;

function debugBlock(host: LoaderHost, who: string, blocks: boolean, binary: Binary): void {
  host.debugCredentials(`Loading: ${who} does${blocks ? "" : " not"} block ${named(binary)}`);
}

/** By the policy, or by a ShortId; one that is only locally unique equals no other. */
function isSameApp({ sameApp, assigner }: IdentityPolicies, a: Binary, b: Binary): boolean {
  const shortId = assigner(a);
  return sameApp?.(a, b) === true || (shortId !== null && shortId === assigner(b));
}
