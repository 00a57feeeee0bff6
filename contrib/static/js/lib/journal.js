// The journal: what was done here, in order, until the server has said that it holds it.
// States: waiting -> done (kept 7 days, marked) or parked (refused, with its sentence).
import { transact } from "./database.js";

const KEEP_MS = 7 * 24 * 3600 * 1000;
const LEASE_MS = 5_000;

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Journal {
  constructor(db, workshop) {
    this.db = db;
    this.workshop = workshop;
    this.owner = newId();
  }

  // An operation goes to disk together with the end of the draft that it was.
  async add({ url, fields, label, draft }) {
    const operation = {
      id: newId(),
      url,
      fields,
      label,
      workshop: this.workshop,
      state: "waiting",
      typed: new Date().toISOString(),
    };
    await transact(this.db, ["operations", "drafts"], "readwrite", (operations, drafts) => {
      if (draft) this.forget(drafts, draft);
      operations.add(operation);
    });
    return operation;
  }

  async all() {
    const found = await transact(this.db, ["operations"], "readonly", (operations) =>
      operations.index("workshop").getAll(this.workshop),
    );
    return found.sort((a, b) => a.order - b.order);
  }

  async waiting() {
    return (await this.all()).filter((operation) => operation.state === "waiting");
  }

  async parked() {
    return (await this.all()).filter((operation) => operation.state === "parked");
  }

  settle(operation, state, more = {}) {
    return transact(this.db, ["operations"], "readwrite", (operations) =>
      operations.put({ ...operation, ...more, state, settled: Date.now() }),
    );
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
      if (operation.state === "done" && Date.now() - operation.settled > KEEP_MS) await this.remove(operation);
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
    for (const stray of all) {
      if (stray.workshop === this.workshop || stray.state === "done" || !stray.url.startsWith(`${path}/`)) continue;
      await this.settle({ ...stray, workshop: this.workshop }, "parked", { sentence });
    }
  }

  // Deletes a draft, unless another tab is writing it.
  forget(drafts, box) {
    const key = `${this.workshop}:${box}`;
    const request = drafts.get(key);
    request.onsuccess = () => {
      const tab = request.result?.tab;
      if (!tab || tab === this.owner) drafts.delete(key);
    };
  }

  keepDraft(box, draft) {
    return transact(this.db, ["drafts"], "readwrite", (drafts) => drafts.put({ ...draft, tab: this.owner }, `${this.workshop}:${box}`));
  }

  draft(box) {
    return transact(this.db, ["drafts"], "readonly", (drafts) => drafts.get(`${this.workshop}:${box}`));
  }

  async moveDraft(box, workshop) {
    const draft = await this.draft(box);
    if (!draft) return;
    await transact(this.db, ["drafts"], "readwrite", (drafts) => drafts.put({ text: draft.text }, `${workshop}:${box}`));
  }

  dropDraft(box) {
    return transact(this.db, ["drafts"], "readwrite", (drafts) => this.forget(drafts, box));
  }
}
