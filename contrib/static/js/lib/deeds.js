// What a press on a note's button does: how it is said afterwards, and what takes it back.
// `undo` has the same shape as what was pressed: action, name, value, and the words of its button.
export function deed({ note, reference, rubric, from }, { action, name, value }, labelOf) {
  const back = (other, words) => ({ note, reference, rubric: value, action, name, value: other, words, from: value });
  if (name === "after") return { said: `${reference} a changé de place.`, undo: back(from, "Remettre à sa place") };
  switch (`${action} ${value}`) {
    case "highlight 1":
      return { said: `${reference} est à dire en plénière.`, undo: back("0", "Ne plus dire") };
    case "highlight 0":
      return { said: `${reference} n’est plus à dire.`, undo: back("1", "À dire") };
    case "withdrawal 1":
      return { said: `${reference} est retirée. Elle reste dans l’historique.`, undo: back("0", "Rétablir") };
    case "withdrawal 0":
      return { said: `${reference} est rétablie.`, undo: back("1", "Retirer") };
    case "place up":
      return { said: `${reference} est montée.`, undo: back("down", "Redescendre") };
    case "place down":
      return { said: `${reference} est descendue.`, undo: back("up", "Remonter") };
    case "highlight-place up":
      return { said: `${reference} sera dite plus tôt.`, undo: back("down", "Plus tard") };
    case "highlight-place down":
      return { said: `${reference} sera dite plus tard.`, undo: back("up", "Plus tôt") };
    default:
  }
  if (action !== "rubric") return null;
  return {
    said: `${reference} est dans «\u00a0${labelOf(value)}\u00a0».`,
    undo: back(rubric, `Remettre dans «\u00a0${labelOf(rubric)}\u00a0»`),
  };
}
