// The text as it was typed: <br> stands for a line end, everything else is a text node.
export function typedText(element) {
  return [...element.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("");
}
