// What is written about a report is on this computer before it is on the network: the draft of each
// box within 100 ms of a keystroke, and what was saved or pressed until the server has said that it
// holds it. All forms of the page share one journal. Where the browser keeps nothing the plain forms work.
import { openDatabase } from "../lib/database.js";
import { Drafts } from "../lib/drafts.js";
import { Journal } from "../lib/journal.js";
import { KeptForm, say } from "../lib/kept_form.js";
import { poll } from "../lib/poll.js";
import { roomNow } from "../lib/room_clock.js";
import { hour, stateSentence } from "../lib/sentences.js";
import { BUSY, CLEAR, CODE, Sender } from "../lib/sender.js";

const EVERY_MS = 3_000;
const CARRIED = new Set(["csrf_token", "operation", "device_time", "back", "chapter"]);
const PASSWORD =
  "Le mot de passe de l’organisation est à entrer à nouveau, dans un autre onglet. " +
  "Gardez celui-ci\u00a0: rien ne se perd.";
const SHOWN_LATER = "Reçu. La page le montrera quand ce que vous tapez sera enregistré.";

export async function reportKeeper(page) {
  let drafts, journal;
  try {
    drafts = new Drafts(await openDatabase(), page.dataset.journal);
    journal = new Journal(drafts.db, drafts);
    await journal.forgetOld();
  } catch {
    return;
  }
  const sender = new Sender(journal, { token: page.dataset.token });
  const { zone } = page.dataset;
  const forms = [...page.querySelectorAll("form[data-keeps]")].map((form) => new KeptForm(form, drafts, zone));
  const presses = []; // forms of one button, each with the id of what it asked for
  const life = { way: CLEAR, since: "" };

  // Sends what waits, of every page of the report; once it is received the page is shown anew, with its preview,
  // unless somebody types in it.
  async function turn() {
    const { waiting } = await journal.left();
    if (waiting.length) {
      const way = await sender.flush().catch(() => BUSY);
      if (way !== CLEAR && life.way === CLEAR) life.since = hour(new Date(roomNow()), zone);
      life.way = way;
    }
    const { waiting: open, parked, done } = await journal.left();
    for (const form of forms) {
      const refused = parked.find((entry) => form.owns(entry));
      if (refused) await form.giveBack(refused, journal);
      else if (open.some((entry) => form.owns(entry))) say(form.element, sentence(open));
    }
    for (const press of presses.splice(0)) {
      const refused = parked.find(({ id }) => id === press.id);
      if (refused) await journal.settle(refused, "discarded");
      if (refused) say(press.form, refused.sentence);
      else presses.push(press);
      if (open.some(({ id }) => id === press.id)) say(press.form, sentence(open));
    }
    if (!open.length) received(new Set(done.map(({ id }) => id)));
    return life.way === CLEAR;
  }

  const sentence = (open) => {
    const { way, since } = life;
    return way === CODE ? PASSWORD : stateSentence({ way, open, parked: [], since, keeps: true });
  };

  function received(ids) {
    const sent = forms.filter((form) => ids.has(form.sent));
    const pressed = presses.filter(({ id }) => ids.has(id));
    if (!sent.length && !pressed.length) return;
    if (forms.every((form) => form.saved)) return location.reload();
    for (const form of sent) form.received();
    for (const { form } of pressed) say(form, SHOWN_LATER);
    presses.splice(0);
  }

  page.addEventListener("submit", async (event) => {
    const form = event.target;
    const kept = forms.find(({ element }) => element === form);
    if (event.submitter?.hasAttribute("formaction")) return kept?.keep({ sent: form.elements.operation.value });
    if (!kept && !form.matches("[data-sends]")) return;
    event.preventDefault();
    const fields = kept ? kept.fields() : fieldsOf(form, event.submitter);
    try {
      const url = new URL(form.action).pathname;
      const label = kept?.label || event.submitter?.textContent.trim() || "Changement";
      const entry = await journal.add({ url, action: "report", fields, label, draft: kept?.draft });
      if (kept) await kept.sentAs(entry);
      else presses.push({ form, id: entry.id });
    } catch {
      return form.submit();
    }
    if (form.elements.moved) move(form, event.submitter);
    await refresh();
  });
  await Promise.all(forms.map((form) => form.restore(journal)));
  const refresh = poll(turn, { every: EVERY_MS });
  page.dataset.alive = "journal";
  await refresh();
}

function fieldsOf(form, button) {
  const fields = [...new FormData(form)].filter(([name]) => !CARRIED.has(name));
  return button?.name ? [...fields, [button.name, button.value]] : fields;
}

// The order of the page is what the next step up or down starts from.
function move(form, button) {
  const row = form.closest(".reword");
  const up = button.value === "up";
  const beside = up ? row.previousElementSibling : row.nextElementSibling;
  if (!beside?.matches(".reword")) return;
  if (up) beside.before(row);
  else beside.after(row);
  const rows = [...row.parentElement.querySelectorAll(".reword")];
  const order = rows.map((one) => one.querySelector("[name=moved]").value).join(" ");
  for (const input of row.parentElement.querySelectorAll("[name=order]")) input.value = order;
  button.focus();
}
