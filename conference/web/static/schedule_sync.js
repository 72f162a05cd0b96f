// Asks every two seconds what became of the draft, and says who is here. Others' edits appear without a reload.
import { say } from "./schedule_dom.js";

const EVERY_MS = 2000;
const HIDDEN_MS = 10000;
const HERE_MS = 20000;

export class Sync {
  constructor({ net, store, live, tab, session }) {
    Object.assign(this, { net, store, live, tab, session, isCut: false });
  }

  async load() {
    const answer = await this.net.get("data");
    if (answer.status === 200) {
      this.store.etag = answer.etag;
      this.store.load(answer.told);
    }
    return answer;
  }

  start() {
    this.#later();
    this.here();
    setInterval(() => this.here(), HERE_MS);
    addEventListener("online", () => this.ask());
    addEventListener("offline", () => this.cut());
    addEventListener("visibilitychange", () => document.hidden || this.ask());
    addEventListener("pagehide", () => this.net.post("here", { tab: this.tab, session: null, leaves: true }, { keepalive: true }));
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), document.hidden ? HIDDEN_MS : EVERY_MS);
  }

  async ask() {
    if (this.isAsking) return;
    this.isAsking = true;
    const before = this.store.revision;
    // A draft that nobody has touched yet has no revision to ask from.
    const answer = before ? await this.net.get(`changes/${before}`, this.store.etag) : await this.load();
    this.isAsking = false;
    if (before || answer.status !== 200) await this.#take(answer);
    else this.#joined();
    this.#later();
  }

  async #take({ status, told, etag }) {
    if (status === 0) return this.cut();
    if (status === 403 || status === 401) return this.gone?.(told);
    if (status >= 400) return undefined;
    this.#joined();
    if (status !== 200) return undefined;
    const others = told.all ? [] : this.#others(told);
    if (told.all) await this.load();
    else {
      this.store.etag = etag;
      this.store.apply(told);
    }
    for (const text of others) this.live.speak(text);
    return undefined;
  }

  // What others did, in words, before their sessions may be gone.
  #others(told) {
    const names = new Map(told.here.map((one) => [one.who, one.name]));
    return told.steps.filter((step) => step.by !== this.store.me).slice(0, 3).map((step) => {
      const titles = step.sessions.map((id) => this.store.sessions.get(id)?.title).filter(Boolean);
      return say("other_did", { name: names.get(step.by) || say("somebody"), act: step.act, what: titles.slice(0, 3).join(", ") });
    });
  }

  // Without a network nothing new is begun; what is under way is kept.
  cut() {
    if (this.isCut) return;
    this.isCut = true;
    document.documentElement.classList.add("s-cut");
    this.parted?.();
    this.live.alarm("cut", say("offline"), [say("try_now"), () => this.ask()]);
  }

  #joined() {
    if (!this.isCut) return;
    this.isCut = false;
    document.documentElement.classList.remove("s-cut");
    this.live.calm();
    this.live.speak(say("online"));
    this.joined?.();
  }

  here() {
    return this.net.post("here", { tab: this.tab, session: this.session() });
  }

  // Somebody who goes through the sessions by keys says where they stopped, not each on the way.
  hereSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.here(), 400);
  }
}
