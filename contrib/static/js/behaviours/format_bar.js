// Buttons that put marks around what is selected. Without them the marks are typed: the page says which.
const MARKS = [
  ["Gras", "**", "**"],
  ["Italique", "*", "*"],
  ["Titre", "\n## ", "\n"],
  ["Liste", "\n- ", ""],
  ["Citation", "\n> ", "\n"],
  ["Lien", "[", "](https://)"],
];

export function formatBar(section) {
  const bar = section.querySelector("[data-bar]");
  const box = section.querySelector("textarea");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Mise en forme");
  for (const [label, before, after] of MARKS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => insert(box, before, after));
    bar.append(button);
  }
  bar.append(citations(box));
  bar.hidden = false;
  // a picture that is added comes below the paragraph of the cursor
  const cursor = section.querySelector("[data-cursor]");
  box.addEventListener("blur", () => (cursor.value = box.selectionEnd));
}

function insert(box, before, after) {
  const { selectionStart: start, selectionEnd: end } = box;
  box.setRangeText(before + box.value.slice(start, end) + after, start, end, "end");
  box.focus();
}

// « Citer une note » : the references of the page, by their text.
function citations(box) {
  const list = document.createElement("select");
  list.setAttribute("aria-label", "Citer une note");
  list.append(new Option("Citer une note…", ""));
  for (const one of document.querySelectorAll(".reword, #t-annex ~ ul > li")) {
    const reference = one.querySelector("h3, .ref").firstChild.textContent.trim();
    const text = (one.querySelector(".original p:nth-child(2)") || one).textContent.trim();
    list.append(new Option(`${reference} ${text.replace(reference, "").trim().slice(0, 60)}`, reference));
  }
  list.addEventListener("change", () => {
    if (list.value) insert(box, list.value, "");
    list.selectedIndex = 0;
  });
  return list;
}
