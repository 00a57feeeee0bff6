// A menu closes when one goes elsewhere; with Échap it gives the focus back. Its field is ready to be typed in.
export function menus() {
  // one whose own button is not shown stands open in its place
  const open = () =>
    [...document.querySelectorAll("details.menu[open]")].filter((menu) => menu.firstElementChild.offsetParent);
  const leave = ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  };
  for (const menu of document.querySelectorAll("details.menu:has(input:not([type=hidden]))")) {
    menu.addEventListener("toggle", () => menu.open && menu.querySelector("input:not([type=hidden])").focus());
  }
  document.addEventListener("pointerdown", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      if (!event.defaultPrevented) menu.querySelector("summary").focus();
    }
  });
}
