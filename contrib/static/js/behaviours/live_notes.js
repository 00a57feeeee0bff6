// Colleagues' notes appear quietly: the line that one reads or edits does not move.
import { isTyping, keepingFocus } from "../lib/focus.js";
import { replaceRegions } from "../lib/regions.js";

// Shows an answer of the feed. False where a part could not be shown because somebody is in it:
// the same news is then asked for again.
export function showFeed({ notes = [], regions, sections, ends, printed }) {
  if (sections) followSections(sections);
  if (ends) document.querySelector(".clock[data-ends]")?.setAttribute("data-ends", ends);
  const stay = keptLine();
  const all = notes.map(showNote).every(Boolean);
  stay();
  const shown = replaceRegions(regions);
  showPrinted(printed);
  return all && shown;
}

// The organiser may rename, add, move or remove a rubric while the page is open.
function followSections(sections) {
  const place = document.getElementById("notes");
  const empty = place.querySelector(".empty");
  const wanted = [];
  for (const [id, label] of sections) {
    let section = document.getElementById(`section-${id}`);
    if (!section) {
      section = place.querySelector(".rubric").cloneNode(true);
      section.id = `section-${id}`;
      section.setAttribute("aria-labelledby", `title-${id}`);
      section.setAttribute("data-empty", "");
      section.querySelector("h2").id = `title-${id}`;
      section.querySelector(".notes").replaceChildren();
    }
    const title = section.querySelector("h2");
    if (title.textContent !== label) title.textContent = label;
    wanted.push(section);
  }
  // moved only where the order really changed: moving an element drops its focus and scroll
  const now = [...place.querySelectorAll(".rubric")].filter((section) => wanted.includes(section));
  if (now.length !== wanted.length || now.some((section, index) => section !== wanted[index])) {
    for (const section of wanted) place.insertBefore(section, empty);
  }
}

function showNote(note) {
  const old = document.getElementById(`note-${note.id}`);
  if (old?.classList.contains("is-open") || (old && isTyping(old))) return false;
  const list = document.querySelector(`#section-${CSS.escape(note.section)} .notes`);
  if (!list) return true; // a new rubric: the page shows it when it is next opened
  const template = document.createElement("template");
  template.innerHTML = note.html.trim();
  const fresh = template.content.firstElementChild;
  if (!old) fresh.classList.add("is-new");
  const left = old?.closest(".rubric");
  keepingFocus(old || fresh, () => {
    old?.remove();
    const before = note.after && document.getElementById(`note-${note.after}`);
    if (before?.parentElement === list) before.after(fresh);
    else list.prepend(fresh);
    return fresh;
  });
  for (const rubric of [left, list.closest(".rubric")]) {
    rubric?.toggleAttribute("data-empty", !rubric.querySelector(".note"));
  }
  return true;
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
function showPrinted(printed) {
  if (printed === undefined) return;
  for (const note of document.querySelectorAll(".note[data-seq]")) {
    const when = note.querySelector("[data-when]");
    if (!when || when.textContent.startsWith("Changement")) continue;
    when.dataset.received ||= when.textContent;
    when.textContent = Number(note.dataset.seq) <= printed ? `${when.dataset.received} · Dans le document` : when.dataset.received;
  }
}
