// A field of the page beside the box saves itself: a moment after the last keystroke, when it is
// left, and before « C'est prêt ». Until then its text is a draft on this computer.
import { refusalOfField } from "../lib/checks.js";
import { newest, soonAfterInput } from "../lib/drafts.js";

const PAUSE_MS = 1_500;

export async function savedFields(page, journal, write) {
  const forms = [...document.querySelectorAll("form[data-saves]")];
  const fields = forms.map((form) => new SavedField(form, journal, write));
  const left = await journal.left();
  for (const field of fields) await field.resume(left);
  return fields;
}

// What colleagues saved stands in the page's <data> elements, which are as of operation `made`.
export function followFields(page, fields, made) {
  for (const field of fields) {
    const now = page.querySelector(`[data-now-of="${field.action}"]`);
    if (now) field.follow(now.dataset.text, now.dataset.revision || "", made);
  }
}

class SavedField {
  constructor(form, journal, write) {
    this.form = form;
    this.journal = journal;
    this.write = write;
    this.action = form.dataset.action;
    this.field = form.querySelector("[data-saved]");
    this.state = form.querySelector("[data-field-state]");
    this.name = form.querySelector("label").textContent.trim();
    this.known = this.field.defaultValue;
    this.revision = form.elements.base?.value;
    this.timer = 0;
    this.saving = null;
    this.last = { waiting: [], parked: [], done: [] };
    this.place = this.field.id;
    this.several = this.field.matches("textarea");
    soonAfterInput(this.field, () => this.keepDraft());
    form.addEventListener("submit", (event) => {
      event.preventDefault(); // the button saves as leaving the field does: once
      this.save();
    });
    form.addEventListener("journalled", ({ detail }) => this.journalled(detail));
    this.field.addEventListener("input", () => {
      this.plan();
      this.show();
    });
    this.field.addEventListener("change", () => this.save());
  }

  // Changed here and not in the journal yet.
  get unsaved() {
    return plain(this.field.value) !== plain(this.known);
  }

  get refusal() {
    return refusalOfField(this.field);
  }

  // What this computer still held when the page was left: an unsent change, then a draft.
  async resume({ waiting }) {
    const sent = waiting.filter((one) => one.action === this.action).pop();
    if (sent) this.knows(sent.fields.find(([name]) => name === this.field.name)[1], sent.id, true);
    const typed = this.field.value === this.known ? undefined : this.field.value;
    const draft = await this.journal.drafts.find(`field:${this.action}`, this.several ? undefined : newest);
    if (typed === undefined && draft) {
      this.field.value = draft.text;
      if (this.form.elements.base && draft.base !== undefined) this.form.elements.base.value = draft.base;
    }
    if (this.unsaved) this.plan();
    this.show();
  }

  keepDraft() {
    if (!this.unsaved) return this.journal.drafts.drop(`field:${this.action}`);
    return this.journal.drafts.keep(`field:${this.action}`, {
      text: this.field.value,
      base: this.form.elements.base?.value,
    });
  }

  plan() {
    clearTimeout(this.timer);
    // two texts stand and this one settles them: not half of it, only what is whole when it is left
    if (this.form.elements.base?.value.includes(" ")) return;
    this.timer = setTimeout(() => this.save(), PAUSE_MS);
  }

  // Into the journal, if there is something to save; one save after the other.
  async save() {
    clearTimeout(this.timer);
    while (this.saving) await this.saving;
    if (!this.unsaved || this.refusal) return this.show();
    for (const old of this.refused()) await this.journal.settle(old, "discarded"); // this text replaces it
    this.saving = this.write(this.form).finally(() => (this.saving = null));
    await this.saving;
  }

  // The form is in the journal: what was typed meanwhile is the next draft.
  journalled(operation) {
    this.knows(operation.fields.find(([name]) => name === this.field.name)[1], operation.id, false);
    this.keepDraft();
    const shown = document.querySelector(`[data-shows="${this.action}"]`);
    if (shown) shown.textContent = this.known || shown.dataset.empty;
  }

  // A colleague's value stands in the field where ours is received and not changed since. What the page
  // says of before our own last change is no news.
  follow(value, revision, made) {
    const { waiting, parked, done } = this.last;
    const ours = ({ action }) => action === this.action;
    if (made < Math.max(0, ...done.filter(ours).map(({ answer }) => answer?.seq || 0))) return;
    this.revision = revision;
    if (this.unsaved || this.saving || waiting.some(ours) || parked.some(ours)) return;
    if (value === this.known && revision === (this.form.elements.base?.value ?? revision)) return;
    if (this.field === document.activeElement) return;
    this.knows(value, revision, true);
    this.show();
  }

  knows(value, revision, shown) {
    this.known = value;
    if (shown) this.field.value = value;
    if (this.form.elements.base) this.form.elements.base.value = revision;
  }

  refused() {
    return this.last.parked.filter((one) => one.action === this.action);
  }

  show(left = this.last) {
    this.last = left;
    const { waiting } = left;
    const ours = (one) => one.action === this.action;
    const refused = this.refused().pop();
    const base = this.form.elements.base;
    if (refused && base?.value === refused.id) base.value = this.revision; // of a text that the server has
    const sentence = this.refusal || (!this.unsaved && refused && `Refusé\u00a0: ${refused.sentence}`) || "";
    const where = this.unsaved ? "Pas encore reçu" : waiting.some(ours) ? "Sur cet ordinateur" : this.known && "Reçu";
    const text = sentence || where;
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.classList.toggle("is-refused", Boolean(sentence));
    if (sentence) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }
}

const plain = (text) => text.trim().replace(/[ \t\u00a0]+/g, " ");
