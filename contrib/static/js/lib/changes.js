// How many things changed between two lists of [slide, what, text]: each that came, went or reads
// otherwise, and each slide whose order changed.
export function changes(before, after) {
  const byName = (list) => new Map(list.map(([slide, what, text]) => [`${slide} ${what}`, text]));
  const [then, now] = [byName(before), byName(after)];
  const came = [...now.keys()].filter((key) => !then.has(key));
  const went = [...then.keys()].filter((key) => !now.has(key));
  const reworded = [...now].filter(([key, text]) => then.has(key) && then.get(key) !== text);
  return came.length + went.length + reworded.length + moved(before, after);
}

function moved(before, after) {
  const slides = new Set(after.map(([slide]) => slide));
  return [...slides].filter((slide) => order(before, after, slide) !== order(after, before, slide)).length;
}

// What both lists have of a slide, in the order of the first.
function order(list, other, slide) {
  const shared = new Set(other.filter(([of]) => of === slide).map(([, what]) => what));
  return list.filter(([of, what]) => of === slide && shared.has(what)).map(([, what]) => what).join(" ");
}
