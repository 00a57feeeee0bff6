// Single keys on a note that was reached with the keyboard: after a click what is typed is a text,
// and goes to the box. One tab stop a note; its buttons are reached with Entrée and the arrows.
import { rubricOf } from "../lib/rubrics.js";

export function noteKeys(place, box, { moveTo, pressed, showLine, undo }) {
  let byKeyboard = false;
  const notes = () => [...place.querySelectorAll(".note")].filter((note) => note.offsetParent);

  document.addEventListener("pointerdown", () => (byKeyboard = false), { capture: true });
  document.addEventListener(
    "keydown",
    ({ key }) => {
      if (["Tab", "ArrowUp", "ArrowDown", "Escape"].includes(key)) byKeyboard = true;
    },
    { capture: true },
  );

  function go(note) {
    if (!note) return;
    note.focus({ preventScroll: true });
    note.scrollIntoView({ block: "nearest" });
  }

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    go(notes().reduce((last, note) => (numberOf(note) > numberOf(last) ? note : last), notes()[0]));
  });

  const press = (note, selector) => {
    moveTo(note);
    const button = note.querySelector(selector);
    if (button) pressed(button);
  };
  const classed = (note, number) => {
    const section = place.querySelectorAll(".rubric")[number];
    if (section && !section.contains(note)) press(note, `#act .sort[value="${rubricOf(section)}"]`);
  };
  const KEYS = {
    ArrowDown: (note) => go(notes()[notes().indexOf(note) + 1]),
    ArrowUp: (note) => go(notes()[notes().indexOf(note) - 1]),
    Escape: () => box.focus(),
    Enter: (note) => {
      showLine(note);
      note.querySelector("#act a, #act button, .meta button")?.focus();
    },
    d: (note) => press(note, ".star"),
    m: (note) => note.dispatchEvent(new CustomEvent("open-edit", { bubbles: true })),
    r: (note) =>
      press(note, note.matches(".is-withdrawn") ? ".meta [data-action=withdrawal]" : "#act [data-action=withdrawal]"),
    z: undo,
    "/": () => document.getElementById("find").focus(),
  };

  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !byKeyboard) return;
    const note = event.target.closest(".note");
    if (!note) return;
    if (event.target !== note) return inLine(event, note);
    const does = /^\d$/.test(event.key)
      ? () => classed(note, Number(event.key))
      : KEYS[event.key.length > 1 ? event.key : event.key.toLowerCase()];
    if (!does) return;
    event.preventDefault();
    does(note);
  });

  // In the line of actions: the arrows go from one to the next, Échap back to the note.
  function inLine(event, note) {
    if (!event.target.closest("#act")) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") note.focus();
    else if (step) {
      const all = [...note.querySelectorAll("#act :is(a, button, summary)")].filter((one) => one.offsetParent);
      all[(all.indexOf(event.target) + step + all.length) % all.length]?.focus();
    } else return;
    event.preventDefault();
  }
}

const numberOf = (note) => Number(note.dataset.reference.match(/\d+$/)[0]);

// One tab stop a note: its buttons are pressed with keys, or reached from it.
export function oneStop(note) {
  note.tabIndex = 0;
  for (const one of note.querySelectorAll("button, a")) one.tabIndex = -1;
}
