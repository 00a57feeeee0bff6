// Give each element its behaviour: <div data-behaviour="countdown"> gets countdown(element).
export function attach(behaviours, root = document) {
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    const behaviour = behaviours[element.dataset.behaviour];
    if (behaviour && !element.dataset.attached) {
      element.dataset.attached = "yes";
      behaviour(element);
    }
  }
}
