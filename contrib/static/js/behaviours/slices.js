// The notes that did not come with the page follow in slices, from the first rubric to the last.
import { showNotes } from "./live_notes.js";

export function followSlices(page, ask) {
  let running = null;

  async function next(section) {
    const url = new URL(page.dataset.slices, location.href);
    url.searchParams.set("rubrique", section.id.slice("section-".length));
    url.searchParams.set("apres", section.dataset.rest);
    const [, answer] = await ask(url.href);
    if (!answer?.notes) return false;
    const came = answer.notes.filter(({ id }) => !document.getElementById(`note-${id}`));
    showNotes(answer.notes);
    for (const { id } of came) document.getElementById(`note-${id}`).classList.add("from-slice");
    if (answer.rest) section.dataset.rest = answer.rest;
    else {
      delete section.dataset.rest;
      section.querySelector(".rest")?.remove();
    }
    return true;
  }

  async function all() {
    for (;;) {
      const section = page.querySelector(".rubric[data-rest]");
      if (!section) {
        page.dataset.whole = "yes";
        return true;
      }
      if (!(await next(section))) return false; // tried again with the next news
      await new Promise((resolve) => setTimeout(resolve)); // keys that were pressed meanwhile come first
    }
  }

  const follow = () => (running ||= all().finally(() => (running = null)));

  // A note that a link leads to; asks for the slices until it is there.
  async function reach(id) {
    const here = () => document.getElementById(`note-${id}`);
    if (!here()) await follow();
    return here();
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-jump], a[data-section]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { jump, section } = link.dataset;
    const there = jump ? await reach(jump) : document.getElementById(`section-${section}`);
    if (section && !there.querySelector(".note")) await follow();
    there?.scrollIntoView({ block: jump ? "center" : "start" });
    if (jump) there?.focus({ preventScroll: true });
  });
  return follow;
}
