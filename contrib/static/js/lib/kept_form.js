// A form whose boxes are kept on this computer while one types, and come back into it until the server has them.
import { newest, soonAfterInput } from "./drafts.js";
import { hour } from "./sentences.js";

export class KeptForm {
  // `data-keeps` of the form names its boxes; a text with a base is a passage, found by its key.
  constructor(element, drafts, zone) {
    Object.assign(this, { element, drafts, zone, sent: "" });
    this.names = element.dataset.keeps.split(" ");
    this.url = new URL(element.action).pathname;
    this.key = element.elements.key?.value;
    this.draft = this.key ? `chapter:${this.key}` : this.url; // as it was called when only chapters were kept
    this.last = this.values();
    for (const name of this.names) soonAfterInput(element.elements[name], () => this.keep());
  }

  values() {
    return Object.fromEntries(this.names.map((name) => [name, this.element.elements[name].value]));
  }

  get base() {
    return this.element.elements.base;
  }

  get label() {
    return this.values()[this.names[0]];
  }

  get saved() {
    return same(this.values(), this.last);
  }

  owns({ url, fields }) {
    return url === this.url && (!this.key || fields.some(([name, value]) => name === "key" && value === this.key));
  }

  fields() {
    const more = this.key ? [["key", this.key], ["base", this.base.value]] : [];
    return [...Object.entries(this.values()), ...more];
  }

  keep(more = {}) {
    const kept = { ...this.values(), base: this.base?.value ?? "", ...more };
    return this.saved && !more.sent ? this.drafts.drop(this.draft) : this.drafts.keep(this.draft, kept);
  }

  // What was typed here and is not on the server comes back, on the text that it was made on.
  async restore(journal) {
    const waiting = (await journal.left()).waiting.filter((entry) => this.owns(entry));
    if (waiting.length) {
      this.put(Object.fromEntries(waiting.at(-1).fields), waiting.at(-1).id);
      this.sent = waiting.at(-1).id;
      this.last = this.values();
    }
    const kept = await this.drafts.find(this.draft, newest);
    if (!kept) return;
    if (kept.sent && this.base.value.includes(kept.sent)) return this.drafts.drop(this.draft); // it came with a picture
    if (this.names.every((name) => kept[name] === this.values()[name])) return;
    this.put(kept, kept.base);
    const since = hour(new Date(kept.at), this.zone);
    say(this.element, `Texte repris de cet ordinateur, tapé à ${since}\u00a0: il n’est pas encore enregistré.`);
  }

  put(values, base) {
    for (const name of this.names) this.element.elements[name].value = values[name];
    if (this.base) this.base.value = base;
  }

  // What was typed meanwhile is a draft again, made on what leaves now.
  sentAs({ id, fields }) {
    if (this.base) this.base.value = id;
    this.sent = id;
    this.last = Object.fromEntries(fields.filter(([name]) => this.names.includes(name)));
    return this.keep();
  }

  received() {
    this.sent = "";
    const more = this.saved ? "" : " Ce que vous avez tapé depuis n’est pas encore enregistré.";
    say(this.element, `Texte reçu.${more}`);
  }

  // The server refuses it: the sentence, and the text in the box as before.
  async giveBack(refused, journal) {
    await journal.settle(refused, "discarded");
    if (this.base) this.base.value = new Map(refused.fields).get("base");
    this.sent = "";
    this.last = {};
    say(this.element, refused.sentence);
    await this.keep();
  }
}

const same = (a, b) => Object.keys(a).every((name) => a[name] === b[name]);

export function say(form, sentence) {
  let state = form.querySelector("[data-state]");
  if (!state) {
    state = document.createElement("p");
    state.className = "waiting";
    state.setAttribute("role", "status");
    state.dataset.state = "";
    form.append(state);
  }
  state.textContent = sentence;
  state.hidden = !sentence;
}
