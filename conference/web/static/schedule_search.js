// The search box: what matches stays bright while it is typed, and Enter jumps to the next that matches.
import { counted, say, write } from "./schedule_dom.js";

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class Search {
  constructor({ page, store, grid, selection, live }) {
    Object.assign(this, { page, store, grid, selection, live, number: -1, found: [] });
    this.box = page.querySelector("#schedule-search");
    this.told = page.querySelector("#schedule-found");
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#pressed(event));
  }

  #text(session) {
    const talks = session.talks.flatMap((talk) => [talk.title, ...talk.people.map(([, name]) => name)]);
    const { name = "" } = this.store.tracks.get(session.track) ?? {};
    const room = this.store.roomName(this.store.place(session.id).room);
    return fold([session.title, this.store.people(session), name, room, ...talks].join(" "));
  }

  #typed() {
    const wanted = fold(this.box.value.trim()).split(/\s+/).filter(Boolean);
    this.number = -1;
    const all = [...this.store.sessions.values()];
    this.found = wanted.length ? all.filter((one) => { const text = this.#text(one); return wanted.every((word) => text.includes(word)); }) : [];
    const at = (one) => this.store.place(one.id).at ?? Infinity;
    this.found.sort((one, other) => at(one) - at(other) || one.id - other.id);
    this.mark();
    write(this.told, wanted.length ? counted("found_one", "found", this.found.length) : "");
  }

  // Blocks that come later are marked too.
  mark() {
    const ids = new Set(this.found.map((one) => one.id));
    this.page.classList.toggle("s-searching", Boolean(this.box.value.trim()));
    for (const [id, block] of this.grid.blocks) block.element.classList.toggle("is-found", ids.has(id));
  }

  #pressed(event) {
    if (event.key === "Escape") {
      this.box.value = "";
      this.#typed();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (!this.found.length) {
      this.live.speak(say("found", { count: 0 }));
      return;
    }
    this.number = (this.number + 1) % this.found.length;
    const { id } = this.found[this.number];
    this.selection.only(id);
    this.grid.reveal(id);
  }
}
