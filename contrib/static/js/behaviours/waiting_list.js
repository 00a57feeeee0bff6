// What is still on this computer, in its own words; a refused note with its sentence and its text.
const TEXTS = new Set(["notes", "list", "wordings", "division", "settlement"]);

export function showWaiting(operations, journal, refresh) {
  const place = document.getElementById("waiting");
  const key = JSON.stringify(operations.map((o) => [o.id, o.state, o.sentence]));
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.hidden = operations.length === 0;
  const list = document.createElement("ul");
  list.className = "plain";
  for (const operation of operations) list.append(line(operation, journal, refresh));
  place.replaceChildren(list);
}

function line(operation, journal, refresh) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  text.className = "pending-text";
  text.textContent = operation.label;
  const where = document.createElement("span");
  where.className = "where";
  where.textContent = operation.state === "parked" ? `Refusée : ${operation.sentence}` : "Sur cet ordinateur";
  item.append(text, " ", where);
  if (operation.state === "parked") {
    if (!TEXTS.has(operation.action)) {
      item.append(
        button("Laisser tomber", async () => {
          await journal.remove(operation);
          await refresh();
        }),
      );
      return item;
    }
    item.append(
      button("Remettre dans la boîte", async () => {
        const box = document.getElementById("text");
        box.value = [box.value, operation.label].filter(Boolean).join("\n");
        box.dispatchEvent(new Event("input", { bubbles: true }));
        await journal.remove(operation);
        await refresh();
        box.focus();
      }),
      button("Réessayer", async () => {
        await journal.settle(operation, "waiting");
        await refresh();
      }),
    );
  }
  return item;
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "quiet";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}
