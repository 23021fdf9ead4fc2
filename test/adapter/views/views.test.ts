import assert from "node:assert/strict";
import type {
  GrantsBody,
  KernelBody,
  ProcessesBody,
  ViewBody,
  ViewName,
} from "../../../adapter/protocol.js";
import { Debugging, lineOf, sourceOf, tabOf } from "../debugging.js";

type Of<N extends ViewName> = Extract<ViewBody, { view: N }>;

/** The next message about a view. */
async function shown<N extends ViewName>(client: Debugging, name: N): Promise<Of<N>> {
  for (;;) {
    const body = await client.event<ViewBody>("tock/view");
    if (body.view === name) return body as Of<N>;
  }
}

const watch = (client: Debugging, ...views: ViewName[]) => client.request("tock/watch", { views });
const counted = (client: Debugging): number =>
  client.events.filter(({ event }) => event === "tock/view").length;
const namesOf = ({ processes }: ProcessesBody) => processes.map(({ name }) => name);

/** At the line of the grants example where its grants are all in use. */
async function atReady(...more: string[]): Promise<Debugging> {
  const client = new Debugging();
  const apps = [tabOf("grants"), ...more.map(tabOf)];
  const line = lineOf("grants", "return_code = yield");
  await client.start({ apps }, { [sourceOf("grants")]: [line] });
  await client.stopped();
  return client;
}
