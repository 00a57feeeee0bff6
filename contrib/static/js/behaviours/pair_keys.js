// Two notes side by side: each answer has a key of its own, named by data-key.
import { plainKey } from "../lib/plain_key.js";

export function pairKeys() {
  document.addEventListener("keydown", (event) => {
    const key = plainKey(event);
    if (!key) return;
    const answer = [...document.querySelectorAll("[data-key]")].find(
      ({ dataset }) => dataset.key.toLowerCase() === key,
    );
    if (!answer) return;
    event.preventDefault();
    answer.click();
  });
}
