// A menu closes when one goes elsewhere; with Échap it gives the focus back.
export function menus() {
  const open = () => [...document.querySelectorAll("details.menu[open]")];
  const leave = ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  };
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
