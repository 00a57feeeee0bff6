// What is typed and not yet sent off: one draft for each box, workshop and tab. A draft is on disk
// within 100 ms of a keystroke, and not with every one of them.
import { transact } from "./database.js";

const WRITE_AFTER_MS = 50;
const ANSWER_MS = 500; // in which a tab that is alive answers
const FRESH_MS = 3_000;
const MOVED = "moved";

export class Drafts {
  constructor(db, workshop) {
    this.db = db;
    this.workshop = workshop;
    this.owner = newId();
    this.tabs = new Tabs(this.owner);
  }

  // Each tab has its own draft of a box: two tabs never write over each other.
  key(box) {
    return `${this.workshop}:${box}:${this.owner}`;
  }

  async keep(box, draft) {
    const kept = { ...draft, at: Date.now() };
    try {
      await transact(this.db, ["drafts"], "readwrite", (drafts) => drafts.put(kept, this.key(box)));
    } catch {
      dispatchEvent(new CustomEvent("not-kept")); // no room, or taken away: the page has to say so
    }
  }

  drop(box) {
    return transact(this.db, ["drafts"], "readwrite", (drafts) => drafts.delete(this.key(box)));
  }

  // This tab's draft, with those of tabs that were closed or killed: joined, or the newest alone.
  // Undefined where there is none.
  async find(box, together = joined) {
    const prefix = `${this.workshop}:${box}:`;
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const alive = await this.alive(range, prefix);
    const found = [];
    await transact(this.db, ["drafts"], "readwrite", (drafts) => {
      const request = drafts.openCursor(range);
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) {
          if (found.length) drafts.put(together(found), this.key(box));
          return;
        }
        if (!alive.has(cursor.key.slice(prefix.length))) {
          found.push(cursor.value);
          cursor.delete();
        }
        cursor.continue();
      };
    });
    return found.length ? together(found) : undefined;
  }

  // The other tabs that have a draft there and answer; one that wrote a moment ago is rather busy than closed.
  async alive(range, prefix) {
    const read = (what) => transact(this.db, ["drafts"], "readonly", (drafts) => drafts[what](range));
    const [keys, kept] = [await read("getAllKeys"), await read("getAll")];
    const owners = keys.map((key) => key.slice(prefix.length));
    const others = owners.filter((owner) => owner !== this.owner && owner !== MOVED);
    const fresh = kept.some(({ at }, index) => others.includes(owners[index]) && Date.now() - at < FRESH_MS);
    return others.length ? this.tabs.alive(others, fresh ? FRESH_MS : ANSWER_MS) : new Set();
  }

  async move(box, workshop) {
    const draft = await this.find(box);
    if (!draft) return;
    const { text, at } = draft; // a rubric or a base of the trial means nothing there
    await transact(this.db, ["drafts"], "readwrite", (drafts) =>
      drafts.put({ text, at }, `${workshop}:${box}:${MOVED}`),
    );
  }
}

// Calls `write` soon after an input in `element`, and when the page is left. Gives what takes back
// a write that is due.
export function soonAfterInput(element, write) {
  let timer = 0;
  const now = () => {
    timer = 0;
    write();
  };
  element.addEventListener("input", () => (timer ||= setTimeout(now, WRITE_AFTER_MS)));
  addEventListener("pagehide", () => timer && now());
  return () => {
    clearTimeout(timer);
    timer = 0;
  };
}

export const newest = (drafts) => drafts.reduce((a, b) => (b.at > a.at ? b : a));

// The newest draft, after the texts of the older ones that say something else.
function joined(drafts) {
  const inOrder = [...drafts].sort((a, b) => a.at - b.at);
  const texts = [...new Set(inOrder.map(({ text }) => text))];
  return { ...inOrder.at(-1), text: texts.join("\n") };
}

// 32 hexadecimal digits. Plain http has no crypto.randomUUID.
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Which tabs of this browser are alive: they answer. A closed, killed or frozen one does not.
class Tabs {
  constructor(owner) {
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel("contrib-tabs") : null;
    this.channel?.addEventListener("message", ({ data }) => {
      if (data.asked) this.channel.postMessage({ alive: owner });
    });
  }

  // Those of these owners that answer; none in a browser where tabs cannot speak to each other.
  alive(owners, patienceMs) {
    const found = new Set();
    if (!this.channel) return found;
    return new Promise((resolve) => {
      const done = () => {
        this.channel.removeEventListener("message", listen);
        resolve(found);
      };
      const listen = ({ data }) => {
        if (owners.includes(data.alive)) found.add(data.alive);
        if (found.size === new Set(owners).size) done();
      };
      this.channel.addEventListener("message", listen);
      this.channel.postMessage({ asked: true });
      setTimeout(done, patienceMs);
    });
  }
}
