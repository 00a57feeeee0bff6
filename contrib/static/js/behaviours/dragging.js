// A note is dragged by its grip to another place of its rubric, under another rubric (its list, or its choice
// above the box) or among those to say; a chosen one by its number to another place. Buttons and keys do the same.
import { rubricOf } from "../lib/rubrics.js";

const STARTS_PX = 4; // less is a click
const EDGE_PX = 70; // so near to an edge the page scrolls
const SCROLL_PX = 9; // at each frame

export function dragging(place, act) {
  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button) return;
    event.preventDefault();
    const source = grip.closest("[data-note]:not(#act)");
    follow(event, { id: source.dataset.note, chosen: source.matches(".chosen li"), ...wordsOf(source) });
  });

  function follow(start, dragged) {
    const root = document.documentElement; // whatever is replaced meanwhile, it stays
    const life = new AbortController();
    let ghost = null;
    let at = start;
    let drop = null;

    const end = (done) => {
      life.abort();
      ghost?.remove();
      show(null);
      root.classList.remove("is-dragging");
      if (ghost && done && drop) act(drop.press);
    };
    const move = () => {
      const { clientX: x, clientY: y } = at;
      ghost.style.transform = `translate(${x + 12}px, ${y + 12}px)`;
      drop = dropOf(document.elementFromPoint(x, y), y, dragged);
      show(drop);
    };
    const scroll = () => {
      if (life.signal.aborted) return;
      const top = document.querySelector(".composer").getBoundingClientRect().bottom;
      if (at.clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
      else if (at.clientY > top && at.clientY < top + EDGE_PX) scrollBy(0, -SCROLL_PX);
      move();
      requestAnimationFrame(scroll);
    };
    const begin = () => {
      ghost = document.body.appendChild(document.createElement("p"));
      ghost.className = "ghost";
      ghost.textContent = dragged.words;
      ghost.setAttribute("aria-hidden", "true");
      root.classList.add("is-dragging");
      scroll();
    };
    const { signal } = life;
    root.setPointerCapture(start.pointerId);
    root.addEventListener(
      "pointermove",
      (event) => {
        at = event;
        const far = Math.hypot(at.clientX - start.clientX, at.clientY - start.clientY);
        if (!ghost && far >= STARTS_PX) begin();
      },
      { signal },
    );
    root.addEventListener("contextmenu", (event) => event.preventDefault(), { signal }); // a finger that rests
    root.addEventListener("pointerup", () => end(true), { signal });
    root.addEventListener("pointercancel", () => end(false), { signal });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && end(false), { signal, capture: true });
  }
}

const wordsOf = (source) => {
  const reference = source.dataset.reference || source.querySelector(".ref").textContent;
  return { reference, words: `${reference} ${source.querySelector(".said, .text").textContent}` };
};

// What letting go over an element would do, and where that is shown; null where it would do nothing.
function dropOf(over, y, { id, reference, chosen }) {
  const note = document.getElementById(`note-${id}`);
  const press = { note: id, reference, rubric: note && rubricOf(note) };
  if (chosen) return among(over?.closest(".chosen li"), y, { ...press, action: "highlight-place" });
  if (over?.closest(".closing")) {
    const said = note?.matches(".is-chosen");
    return said ? null : { mark: "is-target", on: over.closest(".closing"), press: chooses(press) };
  }
  const section = over?.closest(".rubric");
  const choice = over?.closest(".choice");
  if (!note || !(section || choice)) return null;
  const rubric = choice ? choice.querySelector("input").value : rubricOf(section);
  if (rubric === press.rubric) return choice ? null : among(over.closest(".note"), y, { ...press, action: "place" });
  return {
    mark: "is-target",
    on: choice || section,
    press: { ...press, action: "rubric", name: "rubric", value: rubric },
  };
}

const chooses = (press) => ({ ...press, action: "highlight", name: "chosen", value: "1" });

// Before or after one of the same list, by the half of it that is pointed at; null where it stands already.
function among(other, y, press) {
  const own = other?.parentElement.querySelector(`:scope > [data-note="${press.note}"]`);
  if (!own) return null;
  const { top, height } = other.getBoundingClientRect();
  const below = y > top + height / 2;
  const after = below ? other : other.previousElementSibling;
  const from = own.previousElementSibling;
  if (after === own || after === from) return null;
  return {
    mark: below ? "is-after" : "is-before",
    on: other,
    press: { ...press, name: "after", value: after?.dataset.note || "", from: from?.dataset.note || "" },
  };
}

const MARKS = ["is-target", "is-after", "is-before"];

function show(drop) {
  for (const one of document.querySelectorAll(MARKS.map((mark) => `.${mark}`).join())) {
    if (one !== drop?.on) one.classList.remove(...MARKS);
  }
  if (!drop || drop.on.classList.contains(drop.mark)) return;
  drop.on.classList.remove(...MARKS);
  drop.on.classList.add(drop.mark);
}
