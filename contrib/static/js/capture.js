// The box first: one can type, and the draft is kept. The rest of the page's life comes after it.
import { noteBox } from "./behaviours/note_box.js";
import { keepDrafts } from "./behaviours/draft_keeper.js";
import { openDatabase } from "./lib/database.js";
import { Drafts } from "./lib/drafts.js";

const page = document.querySelector("[data-behaviour=live-page]");

// What is sent before the journal is there waits for it.
const early = [];
function hold(event) {
  if (!event.target.matches("form[data-action], #act")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  early.push([event.target, event.submitter]);
}
document.addEventListener("submit", hold, { capture: true });

async function keptDrafts() {
  try {
    const drafts = new Drafts(await openDatabase(), page.dataset.workshop);
    await keepDrafts(drafts, page);
    page.dataset.box = "kept";
    return drafts;
  } catch {
    return null; // this browser keeps nothing
  }
}

noteBox(document.getElementById("noter"));
const drafts = await keptDrafts();
try {
  const { capturePage } = await import("./behaviours/capture_page.js");
  await capturePage(page, drafts);
} finally {
  document.removeEventListener("submit", hold, { capture: true });
  for (const [form, button] of early) form.requestSubmit(button);
}
