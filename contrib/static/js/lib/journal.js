// The journal: what was done here, in order, until the server has said that it holds it.
// States: waiting -> done (kept 7 days, marked) or parked (refused, with its sentence); a parked one
// -> waiting (tried again) or discarded (its text stays in this computer's history, as long).
import { transact } from "./database.js";
import { newId } from "./drafts.js";

const SETTLED = new Set(["done", "discarded"]);
const KEEP_MS = 7 * 24 * 3600 * 1000;
const LEASE_MS = 5_000;

export class Journal {
  constructor(db, drafts) {
    this.db = db;
    this.drafts = drafts;
    this.workshop = drafts.workshop;
    this.owner = drafts.owner;
  }

  // An operation goes to disk together with the end of the draft that it was.
  async add({ url, action, note, fields, label, draft }) {
    const operation = {
      id: newId(),
      url,
      action, // what it does, in the words of contrib/capture/actions.py
      note, // the note that it is about; none for a new one, or for the workshop
      page: location.pathname,
      fields,
      label,
      workshop: this.workshop,
      state: "waiting",
      typed: new Date().toISOString(),
    };
    await transact(this.db, ["operations", "drafts"], "readwrite", (operations, drafts) => {
      if (draft) drafts.delete(this.drafts.key(draft));
      operations.add(operation);
    });
    return operation;
  }

  async all() {
    const found = await transact(this.db, ["operations"], "readonly", (operations) =>
      operations.index("workshop").getAll(this.workshop),
    );
    return found.map(named).sort((a, b) => a.order - b.order);
  }

  // What is still here, read once: what waits, what was refused, what was put aside by hand, what
  // the server has; and the ids of all that was done here.
  async left() {
    const all = await this.all();
    const of = (state) => all.filter((operation) => operation.state === state);
    const ids = all.map(({ id }) => id);
    return { waiting: of("waiting"), parked: of("parked"), discarded: of("discarded"), done: of("done"), ids };
  }

  settle(operation, state, more = {}) {
    return transact(this.db, ["operations"], "readwrite", (operations) =>
      operations.put({ ...operation, ...more, state, settled: Date.now() }),
    );
  }

  // The server holds it. A signature is a name, not a note: nothing of it stays here.
  done(operation, answer) {
    return operation.action === "signature" ? this.remove(operation) : this.settle(operation, "done", { answer });
  }

  remove(operation) {
    return transact(this.db, ["operations"], "readwrite", (operations) => operations.delete(operation.order));
  }

  // A restored backup, or a server older than this page: offer everything of 7 days again.
  async offerAgain() {
    const again = (await this.all()).filter((operation) => operation.state === "done");
    for (const operation of again) await this.settle(operation, "waiting");
    return again.length;
  }

  async forgetOld() {
    for (const operation of await this.all()) {
      if (SETTLED.has(operation.state) && Date.now() - operation.settled > KEEP_MS) await this.remove(operation);
    }
  }

  // Tabs share a lease, so that one of them sends; it ends by itself when its tab is killed.
  async lease() {
    let mine = false;
    await transact(this.db, ["leases"], "readwrite", (leases) => {
      const request = leases.get(this.workshop);
      request.onsuccess = () => {
        const held = request.result;
        mine = !held || held.owner === this.owner || held.until < Date.now() || held.until > Date.now() + LEASE_MS * 2;
        if (mine) leases.put({ owner: this.owner, until: Date.now() + LEASE_MS }, this.workshop);
      };
    });
    return mine;
  }

  release() {
    return transact(this.db, ["leases"], "readwrite", (leases) => {
      const request = leases.get(this.workshop);
      request.onsuccess = () => request.result?.owner === this.owner && leases.delete(this.workshop);
    });
  }

  // What this page's address left behind under another id: the trial was cleared meanwhile.
  // It is never sent to the fresh day by itself; it is shown, with its text.
  async adoptStrays(path, sentence) {
    const all = await transact(this.db, ["operations"], "readonly", (operations) => operations.getAll());
    for (const stray of all.map(named)) {
      if (stray.workshop === this.workshop || SETTLED.has(stray.state) || stray.page !== path) continue;
      await this.settle({ ...stray, workshop: this.workshop }, "parked", { sentence });
    }
  }
}

// Of all workshops: forgets what the server holds, and what was put aside. Gives how many texts it
// does not hold: operations that wait or were refused, drafts.
export async function forgetReceived(db) {
  let kept = 0;
  await transact(db, ["operations", "drafts"], "readwrite", (operations, drafts) => {
    const request = operations.openCursor();
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return;
      if (SETTLED.has(cursor.value.state)) cursor.delete();
      else kept += 1;
      cursor.continue();
    };
    drafts.count().onsuccess = ({ target }) => (kept += target.result);
  });
  return kept;
}

// An entry of before November 2026 says by its address only what it does, to which note, from which page.
function named(entry) {
  if (entry.action) return entry;
  const [, page, note, action] = entry.url.match(/^(.*\/ateliers\/[^/]+)\/(?:notes\/([^/]+)\/)?(.+)$/) || [];
  const many = entry.fields.some(([name, value]) => name === "parts" && value === "many");
  return { ...entry, page, note, action: many ? "list" : action?.replace("/", "-") };
}
