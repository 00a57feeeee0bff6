// Which tabs of this browser are alive: they answer. A closed, killed or frozen one does not.
const ANSWER_MS = 150;

export class Tabs {
  constructor(owner) {
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel("contrib-tabs") : null;
    this.channel?.addEventListener("message", ({ data }) => {
      if (data.asked) this.channel.postMessage({ alive: owner });
    });
  }

  // The owners that answer; none in a browser where tabs cannot speak to each other.
  alive() {
    const found = new Set();
    if (!this.channel) return found;
    const listen = ({ data }) => data.alive && found.add(data.alive);
    this.channel.addEventListener("message", listen);
    this.channel.postMessage({ asked: true });
    return new Promise((resolve) => {
      setTimeout(() => {
        this.channel.removeEventListener("message", listen);
        resolve(found);
      }, ANSWER_MS);
    });
  }
}
