// A note's buttons: its star, its rubrics, and the one line of actions, which goes to the note that
// is pointed at or focused. What was done is said with what takes it back.
import { deed } from "../lib/deeds.js";
import { rubricOf, sectionOf } from "../lib/rubrics.js";

const SAID_MS = 12_000;

export function noteActions(place, write) {
  const line = document.getElementById("act");
  const said = document.getElementById("done");
  const menu = line.querySelector("details");
  let timer = 0;

  const labelOf = (rubric) => sectionOf(rubric)?.dataset.label;

  function moveTo(note) {
    if (!note || note.matches(".is-open, .is-withdrawn") || line.contains(document.activeElement)) return;
    const rubric = rubricOf(note);
    if (line.closest(".note") === note && line.dataset.rubric === rubric) return;
    place.querySelector(".shows-actions")?.classList.remove("shows-actions");
    menu.open = false;
    line.dataset.note = note.dataset.note;
    line.setAttribute("aria-label", `Agir sur ${note.dataset.reference}`);
    line.dataset.rubric = rubric;
    const buttons = [...place.querySelectorAll(".rubric")].map(sortButton).filter(({ value }) => value !== rubric);
    line.querySelector(".sorts").replaceChildren(line.querySelector(".sorts .label"), ...buttons);
    line.querySelector("[data-edit]").setAttribute("aria-label", `Modifier ${note.dataset.reference}`);
    line.querySelector("[data-history]").href = note.querySelector(".more").href;
    line.hidden = false;
    note.querySelector(".note-line").append(line);
  }

  // In a narrow column « … » shows all of them in place.
  function showLine(note) {
    moveTo(note);
    note.classList.add("shows-actions");
    if (!note.querySelector(".more").offsetParent) return;
    menu.open = true;
    offer();
    line.scrollIntoView({ block: "nearest" });
  }

  // What is offered does something: the first of a rubric is not moved up, the last not down.
  function offer() {
    const note = line.closest(".note");
    if (!menu.open || !note) return;
    const whole = !("rest" in note.closest(".rubric").dataset); // its other notes may not be here yet
    line.querySelector("[value=up]").hidden = whole && !note.previousElementSibling;
    line.querySelector("[value=down]").hidden = whole && !note.nextElementSibling;
  }

  function sortButton(section) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.tabIndex = -1;
    button.dataset.action = "rubric";
    button.name = "rubric";
    button.value = rubricOf(section);
    button.textContent = button.title = section.dataset.label; // it may be cut
    return button;
  }

  // Says what is done with a note, and gives the button that takes it back.
  function say(done) {
    clearTimeout(timer);
    said.hidden = !done;
    if (!done) return;
    said.querySelector("span").textContent = done.said;
    const button = said.querySelector("button");
    button.textContent = done.undo.words;
    button.onclick = () => act(done.undo);
    timer = setTimeout(() => (said.hidden = !said.matches(":hover, :focus-within")), SAID_MS);
  }

  // `press`: note, reference, rubric (where it stood), action, name, value.
  function act(press) {
    const done = deed(press, press, labelOf);
    say(done);
    const { note, action, name, value } = press;
    const url = `${line.dataset.notes}/${note}/${action}`;
    return write(line, { url, action, note, name, value, label: done?.said || press.label });
  }

  function pressed(button) {
    offer(); // it may have moved since its menu was opened
    if (button.hidden) return null;
    const note = button.closest(".note");
    const from = note || document.getElementById(`note-${button.closest("[data-note]").dataset.note}`);
    const { note: id, reference } = from?.dataset || button.closest("[data-note]").dataset;
    const label = `${button.textContent.trim()} ${reference || ""}`.trim();
    return act({
      note: id,
      reference: reference || button.closest("li").querySelector(".ref").textContent,
      rubric: note && rubricOf(note),
      action: button.dataset.action,
      name: button.name,
      value: button.value,
      label,
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#notes button[data-action], .chosen button[data-action]");
    if (button && !button.closest("form:not(#act)")) {
      event.preventDefault();
      pressed(button);
    }
    const more = event.target.closest("#notes a.more");
    if (more && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      say(null);
      showLine(more.closest(".note"));
    }
  });
  menu.addEventListener("toggle", offer);
  // Who goes on to another field, or says « C’est prêt », looks there: nothing lies over it.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(".closing :is(input, textarea), [data-ready] button, .note textarea")) say(null);
  });
  // The mouse comes before a focus that a note keeps while it is replaced; a key before the mouse.
  let pointed = null;
  place.addEventListener("pointerover", ({ target }) => moveTo((pointed = target.closest(".note"))));
  place.addEventListener("focusin", ({ target }) => pointed?.matches(":hover") || moveTo(target.closest(".note")));
  document.addEventListener("keydown", () => (pointed = null), { capture: true });
  return { act, moveTo, pressed, showLine, undo: () => !said.hidden && said.querySelector("button").click() };
}
