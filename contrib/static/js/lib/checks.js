// What a form can check is checked before it is journalled: what the server would refuse would
// wait on this computer for a person. A field says its own limits in its attributes.
const NOTHING = "Il n’y a encore rien à noter\u00a0: écrivez une phrase, puis «\u00a0Noter\u00a0».";
const EMPTIED = "Une note ne peut pas devenir vide. Pour l’enlever, choisissez «\u00a0Retirer\u00a0».";
const NO_CUT = "Laissez une ligne vide à l’endroit où couper la note en deux.";

// Why this form would be refused, as a sentence; empty where it would not.
export function refusalOf(form, action) {
  for (const field of form.querySelectorAll("input, textarea")) {
    const sentence = refusalOfField(field);
    if (sentence) return sentence;
  }
  const text = form.elements.text?.value.trim();
  if (["notes", "list"].includes(action) && !text) return NOTHING;
  if (["wordings", "division"].includes(action) && !text) return EMPTIED;
  if (action === "division" && !text.includes("\n")) return NO_CUT; // contrib/capture/lines.py halves
  return "";
}

export function refusalOfField(field) {
  const limit = Number(field.dataset.limit);
  if (limit && field.value.length > limit) {
    const long = `Ce texte dépasse ${count(limit)} caractères (il en compte ${count(field.value.length)}).`;
    return `${long} Coupez-le en deux\u00a0: rien n’a été effacé.`;
  }
  const { least, most, sentence } = field.dataset;
  if (most === undefined || !field.value.trim()) return "";
  const number = /^\s*\d+\s*$/.test(field.value) ? Number(field.value) : NaN;
  return number >= Number(least) && number <= Number(most) ? "" : sentence;
}

const count = (number) => number.toLocaleString("fr");
