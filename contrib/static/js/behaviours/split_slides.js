// A slide that is too long for the screen goes on to the next: its text is measured where it stands, and
// never shortened. Sizes of type are those of [data-step] in stage.css, the largest first.
const STEPS = 5;
const PIECE = /\S{1,40}/g; // a word; an address of 300 letters may break in itself
const BLOCKS = "li, p, h2";
const LITTLE = 0.3; // of the height: less than that is not begun at the foot of a slide

// The parts of a slide inside `host`: as few as the text needs, in the largest type that needs no more.
export function partsOf(slide, host) {
  let best = [];
  for (let step = 0; step < STEPS && best.length !== 1; step += 1) {
    const parts = split(slide, step, host);
    const better = !best.length || parts.length < best.length;
    for (const part of better ? best : parts) part.remove();
    if (better) best = parts;
  }
  let from = 0;
  return best.map((element, at) => {
    element.querySelector(".nth").textContent = best.length > 1 ? `${at + 1}/${best.length}` : "";
    const part = { name: element.dataset.slide, at, of: best.length, from, element };
    from += bodyOf(element).textContent.length;
    return part;
  });
}

function split(slide, step, host) {
  const parts = [];
  for (let part = begun(slide, step, host, true); part; ) {
    parts.push(part);
    const end = endOf(bodyOf(part));
    if (!end) break;
    const next = begun(slide, step, host, false);
    moveRest(bodyOf(part), end, bodyOf(next));
    part = next;
  }
  return parts;
}

function begun(slide, step, host, whole) {
  const part = slide.cloneNode(true);
  part.dataset.slide = part.id;
  part.removeAttribute("id");
  part.dataset.step = step;
  const nth = document.createElement("span");
  nth.className = "nth";
  nth.textContent = "0/0"; // takes its room while the rest is measured
  part.querySelector(".slide-head").append(nth);
  if (!whole) bodyOf(part).replaceChildren();
  host.append(part);
  return part;
}

const bodyOf = (part) => part.querySelector(".slide-body");

// Where the body has to end: a range that begins what does not fit; null where everything does.
function endOf(body) {
  const box = body.getBoundingClientRect();
  const pieces = piecesOf(body);
  const at = firstBelow(pieces, box.bottom);
  if (at < 0 || pieces.length < 2) return null;
  const block = pieces[at].node.parentElement.closest(BLOCKS);
  const begins = pieces.findIndex(({ node }) => block.contains(node));
  const { top, height } = block.getBoundingClientRect();
  const range = document.createRange();
  if (begins > 0 && (height <= box.height || box.bottom - top < box.height * LITTLE)) range.setStartBefore(block);
  else {
    const { node, start } = pieces[afterSentence(pieces, begins, Math.max(at, 1))];
    range.setStart(node, start);
  }
  return range;
}

function piecesOf(body) {
  const pieces = [];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const { index, 0: text } of node.data.matchAll(PIECE)) {
      pieces.push({ node, start: index, end: index + text.length });
    }
  }
  return pieces;
}

// Text runs down one column: the first piece whose foot is below the limit; -1 where none is.
function firstBelow(pieces, limit) {
  const range = document.createRange();
  const isBelow = ({ node, start, end }) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return range.getBoundingClientRect().bottom > limit + 1;
  };
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(pieces[middle])) high = middle;
    else low = middle + 1;
  }
  return low < pieces.length ? low : -1;
}

// The end of a sentence in the second half of what fits; else where it ends.
function afterSentence(pieces, begins, at) {
  for (let one = at; one > (begins + at) / 2; one -= 1) {
    const { node, end } = pieces[one - 1];
    if (/[.!?…]\s?[»”"]?$/.test(node.data.slice(0, end))) return one;
  }
  return at;
}

function moveRest(body, range, next) {
  const inside = range.startContainer.nodeType === Node.TEXT_NODE;
  range.setEnd(body, body.childNodes.length);
  next.append(range.extractContents());
  for (const list of body.querySelectorAll("ol, ul, div:not(.shapes)")) if (!list.textContent.trim()) list.remove();
  if (inside) next.querySelector(BLOCKS)?.classList.add("goes-on");
}
