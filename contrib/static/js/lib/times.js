// How long each slide has been on the screen, in milliseconds; shared by the windows of one browser and kept
// when they are loaded again. The opening begins anew.
const OPENING = "ouverture";
const EMPTY = { on: "", since: 0, spent: {}, more: {} };

export class Times {
  constructor(event, storage = globalThis.localStorage) {
    this.key = `contrib-times-${event}`;
    this.storage = storage;
    this.kept = EMPTY;
  }

  read() {
    try {
      return JSON.parse(this.storage.getItem(this.key)) || this.kept;
    } catch {
      return this.kept; // no storage: this page's own will do
    }
  }

  write(times) {
    this.kept = times;
    try {
      this.storage.setItem(this.key, JSON.stringify(times));
    } catch {
      // as above
    }
  }

  // This slide is on the screen from now on.
  turn(name, now = Date.now()) {
    const { on, spent, more } = this.read();
    if (on === name) return;
    if (name === OPENING) return this.write({ ...EMPTY, on: name, since: now });
    this.write({ on: name, since: now, spent: on ? { ...spent, [on]: this.spent(on, now) } : spent, more });
  }

  spent(name, now = Date.now()) {
    const { on, since, spent } = this.read();
    return (spent[name] || 0) + (on === name ? Math.max(0, now - since) : 0);
  }

  // Minutes that were added to those of the programme.
  more = (name) => this.read().more[name] || 0;

  addMinute(name) {
    const times = this.read();
    this.write({ ...times, more: { ...times.more, [name]: this.more(name) + 1 } });
  }
}

// « 3 min 04 ».
export function duration(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1_000);
  return `${Math.floor(seconds / 60)}\u00a0min\u00a0${String(seconds % 60).padStart(2, "0")}`;
}
