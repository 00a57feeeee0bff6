// The search: notes that hold all the words, whatever their case and accents, as one types.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function findNotes(place, field, whole) {
  const status = document.getElementById("found");

  async function show() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    if (words.length) await whole();
    let found = 0;
    for (const note of place.querySelectorAll(".note")) {
      const text = words.length && plain(`${note.dataset.reference} ${note.querySelector(".said").textContent}`);
      const hit = words.every((word) => text.includes(word));
      note.hidden = !hit;
      found += hit;
    }
    for (const section of place.querySelectorAll(".rubric")) {
      section.classList.toggle("without-hit", words.length > 0 && !section.querySelector(".note:not([hidden])"));
    }
    status.hidden = !words.length;
    status.textContent =
      found === 1
        ? "1\u00a0note trouvée"
        : `${found || "Aucune"}\u00a0note${found ? "s" : ""} trouvée${found ? "s" : ""}`;
  }

  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    place.querySelector(".note:not([hidden])")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyC" || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) chooseTheOnly(event);
    if (event.key !== "Escape") return;
    field.value = "";
    show();
    document.getElementById("text").focus();
  });
  // Ctrl + Entrée chooses the note that was looked for, where there is one only.
  function chooseTheOnly(event) {
    const found = place.querySelectorAll(".note:not([hidden]) .star");
    if (!field.value.trim() || found.length !== 1) return;
    event.preventDefault();
    found[0].click();
  }
  return () => field.value && show(); // notes that arrive are searched too
}
