// The capture page's life: what is typed goes to the journal first, then to the server, and
// the page says where it is. Without IndexedDB the plain forms work, and the page says so.
import { openDatabase } from "../lib/database.js";
import { Journal } from "../lib/journal.js";
import { poll } from "../lib/poll.js";
import { BUSY, CLEAR, CODE, GONE, Sender } from "../lib/sender.js";
import { roomNow } from "../lib/room_clock.js";
import { NOTHING_KEPT, promiseSentence } from "../lib/promise.js";
import { hour, stateSentence } from "../lib/sentences.js";
import { keepDrafts } from "./draft_keeper.js";
import { editInPlace } from "./edit_in_place.js";
import { showFeed } from "./live_notes.js";
import { journalForms, plainForms } from "./operation_forms.js";
import { showReadiness } from "./readiness.js";
import { reopenOffline } from "./reopen_offline.js";
import { offerFile } from "./save_file.js";
import { followFields, savedFields } from "./saved_fields.js";
import { typeAnywhere } from "./type_anywhere.js";
import { showWaiting } from "./waiting_list.js";

const EVERY_MS = 2_000;
const JITTER_MS = 700;

export async function capturePage(page) {
  const state = document.getElementById("state");
  const keepCopy = reopenOffline(page);
  const life = { way: CLEAR, open: [], parked: [], discarded: [], fields: [], since: "", seq: Number(page.dataset.seq), epoch: page.dataset.epoch, mark: page.dataset.mark, made: page.dataset.seq };

  let journal;
  try {
    journal = new Journal(await openDatabase(), page.dataset.workshop);
    await journal.forgetOld();
    await journal.adoptStrays(location.pathname, "notée avant que la journée ne recommence.");
  } catch {
    journal = null;
  }
  const promise = document.getElementById("promise");
  promise.textContent = await promiseSentence(journal);
  life.keeps = journal !== null;
  addEventListener("not-kept", () => {
    life.keeps = false;
    promise.textContent = NOTHING_KEPT;
  });
  // What is asked of the feed, and said with it: how much is still here, is somebody writing.
  const question = (unsent) => {
    const draft = document.getElementById("text").value ? 1 : 0;
    return `?since=${life.seq}&unsent=${unsent}&draft=${draft}&workshop=${page.dataset.workshop}&mark=${life.mark}&regions=${life.made}`;
  };
  const sender = journal && new Sender(journal, { token: page.dataset.token, question: () => question(0) });

  const asking = sender || new Sender(null, {});
  const ask = (unsent) => asking.ask(`${page.dataset.feed}${question(unsent)}`, { headers: { Accept: "application/json" } });
  const answers = async () => (await ask(life.open.length))[0] === CLEAR;

  const left = () => life.open.length + life.parked.length + life.fields.filter(({ unsaved }) => unsaved).length;

  async function show() {
    try {
      return await shown();
    } catch {
      state.textContent = `${NOTHING_KEPT} Rechargez la page.`;
      state.classList.add("is-waiting");
      return life;
    }
  }

  async function shown() {
    const { waiting, parked, discarded } = journal ? await journal.left() : { waiting: [], parked: [], discarded: [] };
    [life.open, life.parked, life.discarded] = [waiting, parked, discarded];
    const sentence = stateSentence(life);
    if (state.textContent !== sentence) state.textContent = sentence;
    state.classList.toggle("is-waiting", life.way !== CLEAR || left() > 0);
    if (journal) showWaiting(life, journal, refresh);
    for (const field of life.fields) field.show({ waiting, parked });
    showReadiness(page, life);
    return life;
  }

  function found(way) {
    if (way !== CLEAR && life.way === CLEAR) life.since = hour(new Date(roomNow()), page.dataset.zone);
    life.way = way;
  }

  let leaving = false;

  // Sends what waits, then asks for news: one turn of the page's life.
  async function turn() {
    if (sender) found(await sender.flush().catch(() => BUSY));
    const waiting = life.open.length;
    const [way, answer] = sender?.news ? [CLEAR, sender.news] : await ask(waiting);
    if (way !== CLEAR) found(way);
    else if (answer.outcome === "needs_code") found(CODE);
    else if (answer.outcome === "gone") found(GONE);
    else if (answer.moved) return moved(answer.moved);
    else if (answer.epoch) {
      if (life.way !== CLEAR && waiting === 0) found(CLEAR);
      if (journal && (answer.rewritten || answer.epoch !== life.epoch || answer.seq < life.seq)) return restored(answer);
      const whole = showFeed(answer);
      followFields(page, life.fields);
      if (whole) [life.seq, life.mark, life.made] = [answer.seq, answer.mark, answer.made ?? life.made];
      if (journal) keepCopy(Boolean(answer.regions));
    }
    await show();
    return life.way === CLEAR;
  }

  // The trial was cleared and the day begins at this address: the draft comes along.
  async function moved(workshop) {
    for (const box of ["note", ...life.fields.map(({ action }) => `field:${action}`)]) await journal?.moveDraft(box, workshop);
    leaving = true; // what waits is on disk: the page that opens shows it
    location.reload();
    return true;
  }

  // The server is older than this page: it is given again all that this browser holds.
  async function restored(answer) {
    life.epoch = answer.epoch;
    [life.seq, life.mark, life.made] = [0, "", ""];
    await journal.offerAgain();
    found(await sender.flush());
    await show();
    if (life.way === CLEAR && !left()) location.reload();
    return true;
  }

  const refresh = poll(turn, { every: EVERY_MS, jitter: JITTER_MS });
  if (journal) {
    await keepDrafts(journal, page);
    editInPlace(page, journal);
    const begun = () => {
      state.textContent = "Encore sur cet ordinateur";
      state.classList.add("is-waiting");
    };
    const before = async () => {
      for (const field of life.fields) await field.save();
    };
    const post = journalForms(journal, { begun, noted: show, sent: refresh, answers, before });
    life.fields = await savedFields(page, journal, post);
    offerFile(page, journal, () => life);
    document.querySelector("form[data-ready]").addEventListener("answered", () => {
      life.asked = true; // from now on the page says what is still here, as it changes
      return show();
    });
    page.addEventListener("input", () => showReadiness(page, life));
  }
  if (!journal) plainForms(answers);
  typeAnywhere(document.getElementById("text"));
  addEventListener("sending-plainly", () => (leaving = true));
  addEventListener("leaving", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    const typed = !journal && document.getElementById("text").value;
    if (!leaving && (left() || typed || life.way !== CLEAR)) event.preventDefault();
  });
  showFeed({ printed: Number(page.dataset.printed) });
  page.dataset.alive = journal ? "journal" : "forms";
  await show();
  refresh();
}
