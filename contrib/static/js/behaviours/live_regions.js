// The presenter's page, the desk and the stage: what changed, every second.
import { poll } from "../lib/poll.js";
import { replaceRegions } from "../lib/regions.js";

const EVERY_MS = 1_000;

export function liveRegions(element) {
  let seq = element.dataset.seq || "0";
  const address = () => {
    const url = new URL(element.dataset.feed, location.href);
    url.searchParams.set("since", seq);
    return url;
  };
  poll(
    async () => {
      const answer = await fetch(address(), { headers: { Accept: "application/json" } })
        .then((response) => (response.ok ? response.json() : null))
        .catch(() => null);
      if (!answer) return false;
      if (replaceRegions(answer.regions)) seq = answer.seq;
      return true;
    },
    { every: EVERY_MS },
  );
}
