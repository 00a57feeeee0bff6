import { CLEAR } from "../lib/sender.js";

const PATIENCE_MS = 1_000;

// What is received within a second is not shown: the notes would go down and up under the hand.
export const isNew = ({ typed }) => Date.now() - Date.parse(typed) < PATIENCE_MS;

// What is still on this computer, in its own words; a refused change with its sentence, its text
// and the ways out; and the texts that were put aside here.
export function showWaiting({ way, open, parked, discarded }, journal, refresh) {
  const stays = open.filter((one) => way !== CLEAR || !isNew(one));
  fill(document.getElementById("waiting"), [...stays, ...parked], (one) => line(one, journal, refresh));
  const aside = discarded.filter((one) => typedIn(one) !== undefined).reverse();
  const place = document.getElementById("aside");
  place.hidden = aside.length === 0;
  fill(place.querySelector("div"), aside, (one) => item(one, "", [again(one, journal, refresh)]));
}

function fill(place, operations, made) {
  const key = JSON.stringify(operations.map((o) => [o.id, o.state, o.sentence]));
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.hidden = operations.length === 0;
  const list = document.createElement("ul");
  list.className = "plain";
  list.append(...operations.map(made));
  place.replaceChildren(list);
}

function line(operation, journal, refresh) {
  if (operation.state !== "parked" && !operation.sentence) return item(operation, "Sur cet ordinateur", []);
  const retry = button("Réessayer", async () => {
    await journal.settle(operation, "waiting");
    await refresh();
  });
  const aside = button("Laisser de côté", async () => {
    await journal.settle(operation, "discarded");
    await refresh();
  });
  if (operation.state === "waiting") return item(operation, `Sur cet ordinateur. ${operation.sentence}`, [aside]);
  const ways = typedIn(operation) === undefined ? [retry, aside] : [again(operation, journal, refresh), retry, aside];
  return item(operation, `Refusé\u00a0: ${operation.sentence}`, ways);
}

function item(operation, where, ways) {
  const element = document.createElement("li");
  element.append(span("pending-text", operation.label), " ", span("where", where), ...ways);
  return element;
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

// « Reprendre » opens the text where it belongs: its note, its field, else the box.
function again(operation, journal, refresh) {
  return button("Reprendre", async () => {
    const text = typedIn(operation);
    const note = operation.note && document.getElementById(`note-${operation.note}`);
    const field = document.querySelector(`form[data-saves][data-action="${operation.action}"] [data-saved]`);
    if (note) {
      await journal.drafts.keep(`edit:${operation.note}`, { text });
      note.dispatchEvent(new CustomEvent("open-edit", { bubbles: true }));
    } else {
      const box = field || document.getElementById("text");
      box.value = field ? text : [box.value, text].filter(Boolean).join("\n");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    }
    await journal.remove(operation);
    await refresh();
  });
}

// What a person typed in it; undefined where it was a button alone.
const typedIn = ({ fields }) => fields.find(([name]) => ["text", "name", "number"].includes(name))?.[1];

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "quiet";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}
