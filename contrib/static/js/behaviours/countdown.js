// « Fin des ateliers dans 32 min »: people have to walk to the hall.
const MINUTE_MS = 60_000;

export function countdown(element) {
  const ends = Date.parse(element.dataset.ends);
  const fixed = element.textContent;
  const show = () => {
    const left = Math.ceil((ends - Date.now()) / MINUTE_MS);
    if (left > 60) element.textContent = `${fixed}, dans ${Math.floor(left / 60)} h ${String(left % 60).padStart(2, "0")}`;
    else if (left > 0) element.textContent = `Fin des ateliers dans ${left} min`;
    else element.textContent = `${fixed} : c’est l’heure de la restitution`;
  };
  show();
  setInterval(show, 5_000);
}
