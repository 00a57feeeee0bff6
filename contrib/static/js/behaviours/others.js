// Who else is here, and who is changing which note: said quietly, and gone when they are.
export function showOthers({ said = "", notes = {} } = {}) {
  const line = document.getElementById("others");
  if (line.textContent !== said) line.textContent = said;
  for (const note of document.querySelectorAll(".note.is-shared")) if (!notes[note.dataset.note]) unmark(note);
  for (const [id, who] of Object.entries(notes)) {
    const note = document.getElementById(`note-${id}`);
    if (note) mark(note, who);
  }
}

// A note that is open here says it above its box, any other in its line.
function mark(note, who) {
  const open = note.querySelector(":scope > form");
  const place = open || note.querySelector(".meta");
  const first = `${who[0].toUpperCase()}${who.slice(1)} modifie aussi cette note\u00a0:`;
  const text = open
    ? `${first} si les deux textes diffèrent, ils seront gardés tous les deux.`
    : ` · ${who} modifie cette note`;
  note.classList.add("is-shared");
  let words = place.querySelector(".shared-by");
  if (!words) {
    words = document.createElement(open ? "p" : "span");
    words.className = "shared-by";
    if (open) place.prepend(words);
    else place.append(words);
  }
  if (words.textContent !== text) words.textContent = text;
}

function unmark(note) {
  note.classList.remove("is-shared");
  for (const words of note.querySelectorAll(".shared-by")) words.remove();
}
