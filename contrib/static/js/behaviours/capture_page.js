// The capture page's life: what is typed goes to the journal first, then to the server, and
// the page says where it is. Without IndexedDB the plain forms work, and the page says so.
import { Journal } from "../lib/journal.js";
import { poll } from "../lib/poll.js";
import { BUSY, CLEAR, CODE, GONE, Sender } from "../lib/sender.js";
import { roomNow, setRoomClock } from "../lib/room_clock.js";
import { NOTHING_KEPT, showPromise } from "../lib/promise.js";
import { hour, stateSentence } from "../lib/sentences.js";
import { clocks } from "./clocks.js";
import { countdown } from "./countdown.js";
import { deskNotice } from "./desk_notice.js";
import { dragging } from "./dragging.js";
import { editInPlace } from "./edit_in_place.js";
import { findNotes } from "./find_notes.js";
import { leave } from "./leave.js";
import { showFeed } from "./live_notes.js";
import { menus } from "./menus.js";
import { noteActions } from "./note_actions.js";
import { noteKeys, oneStop } from "./note_keys.js";
import { showOthers } from "./others.js";
import { journalForms, plainForms } from "./operation_forms.js";
import { showReadiness } from "./readiness.js";
import { reopenOffline } from "./reopen_offline.js";
import { offerFile } from "./save_file.js";
import { followFields, savedFields } from "./saved_fields.js";
import { followSlices } from "./slices.js";
import { typeAnywhere } from "./type_anywhere.js";
import { isNew, showWaiting } from "./waiting_list.js";

const EVERY_MS = 2_000;
const JITTER_MS = 700;
const HERE = "Encore sur cet ordinateur";

export async function capturePage(page, drafts) {
  setRoomClock(Number(page.dataset.now));
  clocks();
  menus();
  const clock = document.querySelector("[data-behaviour=countdown]");
  if (clock) countdown(clock, page.dataset.zone);
  leave(document.querySelector("form[data-behaviour=leave]"));
  deskNotice(document.getElementById("notice"));
  const place = document.getElementById("notes");
  const box = document.getElementById("text");
  const state = document.getElementById("state");
  const keepCopy = reopenOffline(page);
  const { seq, epoch, mark } = page.dataset;
  const life = {
    way: CLEAR,
    open: [],
    parked: [],
    discarded: [],
    fields: [],
    typedHere: new Set(),
    begun: 0,
    since: "",
    seq: Number(seq),
    epoch,
    mark,
    made: seq,
  };

  let journal = drafts && new Journal(drafts.db, drafts);
  try {
    await journal?.forgetOld();
    await journal?.adoptStrays(location.pathname, "notée avant que la journée ne recommence.");
  } catch {
    journal = null;
  }
  const promise = document.getElementById("promise");
  await showPromise(promise, journal);
  life.keeps = journal !== null;
  addEventListener("not-kept", () => {
    life.keeps = false;
    promise.textContent = NOTHING_KEPT;
  });
  // What is asked of the feed, and said with it: how much is still here, is somebody writing.
  const question = (unsent) => {
    const draft = box.value ? 1 : 0;
    const { workshop } = page.dataset;
    const { seq: since, mark, made: regions } = life;
    const note = place.querySelector(".note.is-open")?.dataset.note || "";
    return `?${new URLSearchParams({ since, unsent, draft, note, workshop, mark, regions })}`;
  };
  const sender = journal && new Sender(journal, { token: page.dataset.token, question: () => question(0) });

  const asking = sender || new Sender(null, {});
  const ask = (unsent) =>
    asking.ask(`${page.dataset.feed}${question(unsent)}`, { headers: { Accept: "application/json" } });
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
    const nothing = { waiting: [], parked: [], discarded: [], done: [], ids: [] };
    const { waiting, parked, discarded, done, ids } = journal ? await journal.left() : nothing;
    [life.open, life.parked, life.discarded] = [waiting, parked, discarded];
    for (const id of ids) life.typedHere.add(id);
    const sentence = life.begun && !waiting.length ? HERE : stateSentence(life);
    if (state.textContent !== sentence) state.textContent = sentence;
    state.classList.toggle("is-waiting", life.way !== CLEAR || left() + life.begun > 0);
    if (journal) showWaiting(life, journal, refresh);
    if (waiting.some(isNew)) setTimeout(show, 1_000);
    for (const field of life.fields) field.show({ waiting, parked, done });
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
    const saved = Boolean(sender?.news);
    const [way, answer] = saved ? [CLEAR, sender.news] : await ask(waiting);
    if (way !== CLEAR) {
      found(way);
      showOthers(); // nobody knows where they are now
    } else if (answer.outcome === "needs_code") found(CODE);
    else if (answer.outcome === "gone") found(GONE);
    else if (answer.moved) return moved(answer.moved);
    else if (answer.epoch) {
      if (life.way !== CLEAR && waiting === 0) found(CLEAR);
      if ("reopened" in document.documentElement.dataset) {
        delete document.documentElement.dataset.reopened; // the server is there: the page is as any other
        showPromise(promise, journal);
      }
      if (journal && (answer.rewritten || answer.epoch !== life.epoch || answer.seq < life.seq))
        return restored(answer);
      const whole = showFeed(answer, (id) => life.typedHere.has(id.split(".")[0]));
      if (answer.others) showOthers(answer.others);
      search();
      follow();
      if (whole) [life.seq, life.mark, life.made] = [answer.seq, answer.mark, answer.made ?? life.made];
      if (journal) keepCopy(Boolean(answer.regions));
      // what one has just chosen is seen at once, also where those parts were made a moment before
      if (saved && answer.soon_ms) setTimeout(refresh, answer.soon_ms);
    }
    await show();
    followFields(page, life.fields, Number(life.made)); // once they know what of theirs is received
    return life.way === CLEAR;
  }

  // The trial was cleared and the day begins at this address: the draft comes along.
  async function moved(workshop) {
    for (const box of ["note", ...life.fields.map(({ action }) => `field:${action}`)])
      await drafts?.move(box, workshop);
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
  const follow = followSlices(page, (url) => asking.ask(url, { headers: { Accept: "application/json" } }));
  const search = findNotes(place, document.getElementById("find"), follow);
  for (const note of place.querySelectorAll(".note")) oneStop(note);
  let write;
  if (journal) {
    editInPlace(page, journal);
    const begun = () => {
      life.begun += 1;
      state.textContent = HERE;
      state.classList.add("is-waiting");
    };
    const noted = () => {
      life.begun -= 1;
      return show();
    };
    const before = async () => {
      for (const field of life.fields) await field.save();
    };
    write = journalForms(journal, { begun, noted, sent: refresh, answers, before });
    life.fields = await savedFields(page, journal, write);
    offerFile(page, journal, () => life);
    document.querySelector("form[data-ready]").addEventListener("answered", () => {
      life.asked = true; // from now on the page says what is still here, as it changes
      return show();
    });
    page.addEventListener("input", () => showReadiness(page, life));
  }
  if (!journal) write = plainForms(answers);
  const actions = noteActions(place, write);
  noteKeys(place, box, actions);
  dragging(place, actions.act);
  typeAnywhere(box);
  addEventListener("sending-plainly", () => (leaving = true));
  addEventListener("leaving", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    const typed = !journal && box.value;
    if (!leaving && (left() || typed || life.way !== CLEAR)) event.preventDefault();
  });
  showFeed({ printed: Number(page.dataset.printed) });
  page.dataset.alive = journal ? "journal" : "forms";
  await show();
  refresh();
  follow();
}
