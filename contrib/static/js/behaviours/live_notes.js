// Colleagues' notes appear quietly: the line that one reads or edits does not move.
import { isInHand, keepingFocus } from "../lib/focus.js";
import { replaceRegions } from "../lib/regions.js";
import { oneStop } from "./note_keys.js";

const MANY = 30; // from here on the rubrics stand under the box, to jump to

// Shows an answer of the feed. False where a part could not be shown because somebody is in it:
// the same news is then asked for again. `own` knows the notes that were typed here.
export function showFeed({ notes = [], regions, sections, ends, printed }, own = () => true) {
  if (sections) followSections(sections);
  if (ends) document.querySelector(".clock[data-ends]")?.setAttribute("data-ends", ends);
  const all = showNotes(notes, own);
  const shown = replaceRegions(regions);
  showPrinted(printed);
  return all && shown;
}

// True where all of them could be shown.
export function showNotes(notes, own = () => true) {
  const stay = keptLine();
  const all = notes.map((note) => showNote(note, own)).every(Boolean);
  stay();
  if (notes.length) stale = true;
  return all;
}

// The organiser may rename, add, move or remove a rubric while the page is open.
function followSections(sections) {
  followJump(sections);
  const place = document.getElementById("notes");
  const empty = place.querySelector(".empty");
  const wanted = [];
  for (const [id, label, count] of sections) {
    let section = document.getElementById(`section-${id}`);
    if (!section) {
      section = place.querySelector(".rubric").cloneNode(true);
      section.id = `section-${id}`;
      section.setAttribute("aria-labelledby", `title-${id}`);
      section.setAttribute("data-empty", "");
      delete section.dataset.rest;
      section.querySelector(".rest")?.remove();
      section.querySelector("h2").id = `title-${id}`;
      section.querySelector(".notes").replaceChildren();
    }
    name(section.querySelector("h2"), label, count);
    section.dataset.label = label;
    wanted.push(section);
  }
  // moved only where the order really changed: moving an element drops its focus and scroll
  const now = [...place.querySelectorAll(".rubric")].filter((section) => wanted.includes(section));
  if (now.length !== wanted.length || now.some((section, index) => section !== wanted[index])) {
    for (const section of wanted) place.insertBefore(section, empty);
  }
}

// The rubrics with their numbers, to jump to: where there are many notes.
function followJump(sections) {
  const jump = document.getElementById("jump");
  const page = location.pathname;
  jump.hidden = sections.reduce((sum, [, , count]) => sum + count, 0) <= MANY;
  for (const gone of [...jump.children].slice(sections.length)) gone.remove();
  sections.forEach(([id, label, count], index) => {
    const link = jump.children[index] || jump.appendChild(jump.firstElementChild.cloneNode(true));
    link.dataset.section = id;
    link.href = `${page}?rubrique=${id}#section-${id}`;
    name(link, label, count);
  });
}

// A label and its number, written only where they changed.
function name(element, label, count) {
  const number = element.querySelector(".count");
  if (element.firstChild.data !== `${label} `) element.firstChild.data = `${label} `;
  if (number.textContent !== String(count)) number.textContent = count;
}

function showNote(note, own) {
  const old = document.getElementById(`note-${note.id}`);
  if (old?.classList.contains("is-open") || (old && isInHand(old))) return false;
  const list = document.querySelector(`#section-${CSS.escape(note.section)} .notes`);
  if (!list) return true; // a new rubric: the page shows it when it is next opened
  const template = document.createElement("template");
  template.innerHTML = note.html.trim();
  const fresh = template.content.firstElementChild;
  oneStop(fresh);
  if (!old && !own(note.id)) fresh.classList.add("is-new");
  const left = old?.closest(".rubric");
  if (old?.matches(":hover") && left !== list.closest(".rubric")) old.after(standIn(old));
  const line = old?.querySelector("#act");
  list.closest(".rubric").removeAttribute("data-empty"); // what is not shown takes no focus
  keepingFocus(old || fresh, () => {
    const held = line && !fresh.matches(".is-withdrawn");
    if (line) (held ? fresh.querySelector(".note-line") : document.body).append(line);
    // the line that a finger opened stays open under it
    if (held && old.matches(".shows-actions") && left === list.closest(".rubric")) fresh.classList.add("shows-actions");
    old?.remove();
    const before = note.after && document.getElementById(`note-${note.after}`);
    if (before?.parentElement === list) before.after(fresh);
    else list.prepend(fresh);
    return fresh;
  });
  left?.toggleAttribute("data-empty", !left.querySelector(".note") && !left.dataset.rest);
  return true;
}

// A note that leaves from under the pointer leaves its room behind until the pointer goes: the
// next note's star does not slide under it.
function standIn(note) {
  const room = document.createElement("li");
  room.className = "stand-in";
  room.setAttribute("aria-hidden", "true");
  room.style.blockSize = `${note.getBoundingClientRect().height}px`;
  const gone = () => room.remove();
  room.addEventListener("pointerleave", gone);
  setTimeout(() => room.matches(":hover") || gone(), 400);
  return room;
}

// What stands at the top of the window stays there, whatever is put in above it.
function keptLine() {
  const line = [...document.querySelectorAll(".note")].find((note) => note.getBoundingClientRect().bottom > 60);
  const top = line?.getBoundingClientRect().top;
  return () => {
    if (line?.isConnected && scrollY > 0) scrollBy(0, line.getBoundingClientRect().top - top);
  };
}

// « Dans le document » only for what the last good document holds.
let seen = -1;
let stale = true;

function showPrinted(printed) {
  if (printed === undefined || (printed === seen && !stale)) return;
  [seen, stale] = [printed, false];
  for (const when of document.querySelectorAll("#notes [data-when]")) {
    if (when.textContent.startsWith("Changement")) continue;
    when.dataset.received ||= when.textContent;
    const held = Number(when.closest(".note").dataset.seq) <= printed;
    const text = held ? `${when.dataset.received} · Dans le document` : when.dataset.received;
    if (when.textContent !== text) when.textContent = text;
  }
}
