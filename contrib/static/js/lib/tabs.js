// Which tabs of this browser are alive: they answer. A closed, killed or frozen one does not.

export class Tabs {
  constructor(owner) {
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel("contrib-tabs") : null;
    this.channel?.addEventListener("message", ({ data }) => {
      if (data.asked) this.channel.postMessage({ alive: owner });
    });
  }

  // Those of these owners that answer; none in a browser where tabs cannot speak to each other.
  alive(owners, patienceMs) {
    const found = new Set();
    if (!this.channel) return found;
    return new Promise((resolve) => {
      const done = () => {
        this.channel.removeEventListener("message", listen);
        resolve(found);
      };
      const listen = ({ data }) => {
        if (owners.includes(data.alive)) found.add(data.alive);
        if (found.size === new Set(owners).size) done();
      };
      this.channel.addEventListener("message", listen);
      this.channel.postMessage({ asked: true });
      setTimeout(done, patienceMs);
    });
  }
}
