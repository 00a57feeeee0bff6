// Sends the journal, one operation after the other, and says what stands in the way.
// Only JSON that echoes the operation's id acknowledges; redirects are not followed.
const TIMEOUT_MS = 15_000;

export const CLEAR = "clear";
export const OFFLINE = "offline"; // no network
export const SILENT = "silent"; // the server does not answer
export const PORTAL = "portal"; // something else answers in its place
export const PROXY = "proxy"; // a proxy refuses
export const CODE = "code"; // the workshop's code is asked again
export const GONE = "gone"; // the workshop is not there any more
export const BUSY = "busy"; // the server is there and cannot take it now
const LATER = "later"; // what it builds on has not arrived: the others go on

export class Sender {
  // `question` is what the page asks its feed: the last operation's answer brings the news along.
  constructor(
    journal,
    { token, question = () => "", send = fetch.bind(globalThis), online = () => navigator.onLine !== false },
  ) {
    this.journal = journal;
    this.tokenAddress = token;
    this.question = question;
    this.fetch = send;
    this.online = online;
    this.token = null;
    this.running = null;
  }

  // Sends what waits; gives what stands in the way (CLEAR: nothing).
  flush() {
    this.running ||= this.run().finally(() => (this.running = null));
    return this.running;
  }

  async run() {
    const { waiting, parked } = await this.freed();
    const blocked = new Set(parked.map(({ id }) => id));
    const late = new Set();
    this.news = null;
    for (const operation of waiting) {
      if (!(await this.journal.lease())) return CLEAR; // another tab is sending
      const before = needed(operation);
      if (before.some((id) => late.has(id))) {
        late.add(operation.id);
        continue;
      }
      const first = before.find((id) => blocked.has(id));
      if (first) {
        blocked.add(operation.id);
        await this.journal.settle(operation, "parked", { sentence: "Attend ce qui précède.", after: first });
        continue;
      }
      const [way, answer] = await this.post(operation, operation === waiting.at(-1) ? this.question() : "");
      if (way === LATER) {
        late.add(operation.id);
        if (operation.sentence !== answer.sentence)
          await this.journal.settle(operation, "waiting", { sentence: answer.sentence });
        continue;
      }
      if (way !== CLEAR) return way;
      if (answer.outcome === "refused") {
        blocked.add(operation.id);
        await this.journal.settle(operation, "parked", { sentence: answer.sentence });
      } else {
        const { news, ...kept } = answer;
        await this.journal.done(operation, kept);
        this.news = news || null;
      }
    }
    await this.journal.release();
    return CLEAR;
  }

  // What waited for a refused change goes again once that one was tried again or put aside.
  async freed() {
    const left = await this.journal.left();
    const held = new Set(left.parked.map(({ id }) => id));
    const free = left.parked.filter(({ after }) => after && !held.has(after));
    for (const { after, ...operation } of free) await this.journal.settle(operation, "waiting");
    return free.length ? this.journal.left() : left;
  }

  async post(operation, question, again = true) {
    if (!this.token) {
      const [way, answer] = await this.ask(this.tokenAddress, { headers: { Accept: "application/json" } });
      if (way !== CLEAR || !answer.csrf_token) return [way === CLEAR ? PORTAL : way, null];
      this.token = answer.csrf_token;
    }
    const body = new URLSearchParams([
      ...operation.fields,
      ["operation", operation.id],
      ["device_time", operation.typed],
      ["csrf_token", this.token],
    ]);
    const [way, answer] = await this.ask(`${operation.url}${question}`, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    if (way !== CLEAR) return [way, null];
    if (answer.operation !== operation.id) return [PORTAL, null];
    if (answer.outcome === "gone") return [GONE, null];
    if (answer.outcome === "needs_code") return [CODE, null];
    if (answer.outcome === "retry") return [LATER, answer];
    if (answer.outcome === "error") return [BUSY, null];
    if (answer.outcome === "expired") {
      this.token = null;
      return again ? this.post(operation, question, false) : [BUSY, null];
    }
    return ["accepted", "conflict", "refused"].includes(answer.outcome) ? [CLEAR, answer] : [PORTAL, null];
  }

  async ask(address, options) {
    let response;
    try {
      response = await this.fetch(address, {
        ...options,
        redirect: "manual",
        cache: "no-store",
        credentials: "same-origin",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      return [this.online() ? SILENT : OFFLINE, null];
    }
    if (response.type === "opaqueredirect") return [PORTAL, null];
    const json = (response.headers.get("Content-Type") || "").startsWith("application/json");
    const answer = json ? await response.json().catch(() => null) : null;
    if (answer && typeof answer === "object") return [CLEAR, answer];
    if ([407, 502, 503, 504].includes(response.status)) return [PROXY, null];
    return [response.status >= 500 ? SILENT : PORTAL, null];
  }
}

// The operations without which this one cannot be done: the one that made its note (whose id
// begins with that of its operation), those that made the texts that it replaces.
function needed(operation) {
  const texts = operation.fields.filter(([name]) => ["base", "bases", "keep"].includes(name));
  const ids = texts.flatMap(([, value]) => value.split(/\s+/));
  return [operation.note || "", ...ids].map((id) => id.split(".")[0]).filter(Boolean);
}
