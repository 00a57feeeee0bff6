// Parts of the page are replaced under people's hands: never the field that one types in, nor what one is
// pressing (a press that ends on something new does nothing), and the button that one stands on is found again.
export function isInHand(element) {
  const active = document.activeElement;
  return element.matches(":active") || (element.contains(active) && active.matches("textarea, input, select"));
}

// Replaces with `change` and puts the focus back on what has the same name.
export function keepingFocus(element, change) {
  const active = document.activeElement;
  const inside = element.contains(active);
  const name = inside && (active.getAttribute("aria-label") || active.textContent.trim());
  const fresh = change();
  if (!inside) return;
  const twins = [...fresh.querySelectorAll("button, a, summary")];
  const twin = twins.find((one) => (one.getAttribute("aria-label") || one.textContent.trim()) === name);
  (twin || fresh).focus({ preventScroll: true });
}
