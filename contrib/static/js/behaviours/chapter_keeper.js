// A chapter's text is on this computer before it is on the network: its draft within 100 ms of a
// keystroke, and what was saved until the server has said that it holds it. Where the browser keeps
// nothing the plain form works.
import { openDatabase } from "../lib/database.js";
import { Drafts, newest, soonAfterInput } from "../lib/drafts.js";
import { Journal } from "../lib/journal.js";
import { poll } from "../lib/poll.js";
import { roomNow } from "../lib/room_clock.js";
import { hour, stateSentence } from "../lib/sentences.js";
import { BUSY, CLEAR, CODE, Sender } from "../lib/sender.js";

const EVERY_MS = 3_000;
const SENT = ["key", "text", "base"];
const PASSWORD =
  "Le mot de passe de l’organisation est à entrer à nouveau, dans un autre onglet. " +
  "Gardez celui-ci\u00a0: rien ne se perd.";

export async function chapterKeeper(form) {
  let drafts, journal;
  try {
    drafts = new Drafts(await openDatabase(), form.dataset.journal);
    journal = new Journal(drafts.db, drafts);
    await journal.forgetOld();
  } catch {
    return;
  }
  const { text: box, key, base, operation } = form.elements;
  const draft = `chapter:${key.value}`;
  const state = form.querySelector("[data-state]");
  const sender = new Sender(journal, { token: form.dataset.token });
  const life = { way: CLEAR, since: "", sent: "", saved: box.value };

  const say = (sentence) => {
    state.textContent = sentence;
    state.hidden = !sentence;
  };
  const keep = (more = {}) =>
    box.value === life.saved ? drafts.drop(draft) : drafts.keep(draft, { text: box.value, base: base.value, ...more });
  const ofChapter = ({ fields }) => fields.some(([name, value]) => name === "key" && value === key.value);
  const field = (entry, wanted) => entry.fields.find(([name]) => name === wanted)[1];

  // What was typed here and is not on the server comes back into the box, on the text that it was made on.
  async function restore() {
    const waiting = (await journal.left()).waiting.filter(ofChapter);
    if (waiting.length) {
      [box.value, base.value, life.sent] = [field(waiting.at(-1), "text"), waiting.at(-1).id, waiting.at(-1).id];
      life.saved = box.value;
    }
    const kept = await drafts.find(draft, newest);
    if (!kept) return;
    if (kept.sent && base.value.includes(kept.sent)) return drafts.drop(draft); // it came with a picture
    if (kept.text === box.value) return;
    [box.value, base.value] = [kept.text, kept.base];
    const since = hour(new Date(kept.at), form.dataset.zone);
    say(`Texte repris de cet ordinateur, tapé à ${since}\u00a0: il n’est pas encore enregistré.`);
  }

  // Sends what waits, of every chapter; a text that is received shows the page anew, with its preview.
  async function turn() {
    const { waiting } = await journal.left();
    if (waiting.length) {
      const way = await sender.flush().catch(() => BUSY);
      if (way !== CLEAR && life.way === CLEAR) life.since = hour(new Date(roomNow()), form.dataset.zone);
      life.way = way;
    }
    const { waiting: open, parked, done } = await journal.left();
    const refused = parked.find(ofChapter);
    if (refused) await giveBack(refused);
    else if (open.length) {
      const { way, since } = life;
      say(way === CODE ? PASSWORD : stateSentence({ way, open, parked: [], since, keeps: true }));
    } else if (life.sent && done.some(({ id }) => id === life.sent)) {
      if (box.value === life.saved) return location.reload();
      life.sent = "";
      say("Texte reçu. Ce que vous avez tapé depuis n’est pas encore enregistré.");
    }
    return life.way === CLEAR;
  }

  // The server refuses it: the sentence, and the text in the box as before.
  async function giveBack(refused) {
    await journal.settle(refused, "discarded");
    [base.value, life.sent, life.saved] = [field(refused, "base"), "", ""];
    say(refused.sentence);
    await keep();
  }

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return keep({ sent: operation.value });
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([name]) => SENT.includes(name));
    try {
      const url = new URL(form.action).pathname;
      const entry = await journal.add({ url, action: "passages", fields, label: box.value, draft });
      [base.value, life.sent, life.saved] = [entry.id, entry.id, field(entry, "text")];
    } catch {
      return form.submit();
    }
    await keep(); // what was typed meanwhile
    await refresh();
  });
  soonAfterInput(box, keep);
  await restore();
  const refresh = poll(turn, { every: EVERY_MS });
  form.dataset.alive = "journal";
  await refresh();
}
