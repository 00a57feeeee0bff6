// Colleagues' notes appear quietly: the line that one reads or edits does not move.
import { poll } from "../lib/poll.js";
import { replaceRegions } from "../lib/regions.js";

const EVERY_MS = 2_000;
const JITTER_MS = 800;

export function livePage(page) {
  let seq = Number(page.dataset.seq);

  async function ask() {
    const answer = await fetch(`${page.dataset.feed}?since=${seq}`, { headers: { Accept: "application/json" } })
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    if (!answer) return false;
    showNotes(answer.notes || []);
    if (replaceRegions(answer.regions)) seq = answer.seq;
    showPrinted(answer.printed);
    return true;
  }

  poll(ask, { every: EVERY_MS, jitter: JITTER_MS });
  showPrinted(Number(page.dataset.printed));
}

function showNotes(notes) {
  const anchor = keptLine();
  for (const note of notes) {
    const old = document.getElementById(`note-${note.id}`);
    if (old?.classList.contains("is-open") || old?.contains(document.activeElement)) continue;
    const list = document.querySelector(`#section-${CSS.escape(note.section)} .notes`);
    if (!list) continue;
    const template = document.createElement("template");
    template.innerHTML = note.html.trim();
    const fresh = template.content.firstElementChild;
    if (old?.outerHTML !== fresh.outerHTML) fresh.classList.add("is-new");
    old?.remove();
    const before = note.after && document.getElementById(`note-${note.after}`);
    if (before?.parentElement === list) before.after(fresh);
    else list.prepend(fresh);
    list.closest(".rubric").removeAttribute("data-empty");
  }
  anchor();
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
  for (const note of document.querySelectorAll(".note[data-seq]")) {
    const when = note.querySelector("[data-when]");
    if (!when) continue;
    when.dataset.received ||= when.textContent;
    when.textContent = Number(note.dataset.seq) <= printed ? `${when.dataset.received} · Dans le document` : when.dataset.received;
  }
}
