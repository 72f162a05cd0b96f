// Two people changed the same: both values are shown, and the one who came second chooses.
import { button, make, say } from "./schedule_dom.js";

export class Choice {
  constructor({ page, store }) {
    this.store = store;
    this.dialog = page.querySelector("#schedule-choice");
    // Escape decides nothing: what another did stays.
    this.dialog.addEventListener("close", () => this.#done(this.answer ?? false));
  }

  // Answers true where mine is to be put again.
  ask(edit, told) {
    this.answer = null;
    const title = this.store.sessions.get(told.session)?.title ?? "";
    const table = make("table");
    const head = make("tr");
    head.append(make("td"), make("th", "", say("theirs"), { scope: "col" }), make("th", "", say("mine"), { scope: "col" }));
    table.append(head);
    for (const name of Object.keys(told.theirs)) {
      const row = make("tr");
      const theirs = this.#shown(name, told.theirs[name]);
      row.append(make("th", "", say(`field_${name}`), { scope: "row" }), make("td", "s-lines", theirs), make("td", "s-lines", this.#shown(name, told.mine[name])));
      table.append(row);
    }
    const acts = make("div", "actions");
    acts.append(button(say("keep_theirs"), "", () => this.#close(false)), button(say("put_mine"), "second", () => this.#close(true)));
    const heading = make("h2", "", say("both_changed", { title }), { id: "schedule-choice-title" });
    this.dialog.replaceChildren(heading, make("p", "", say("both_text")), table, acts);
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  #close(answer) {
    this.answer = answer;
    this.dialog.close();
  }

  #done(answer) {
    this.resolve?.(answer);
    this.resolve = null;
  }

  #shown(name, value) {
    if (Array.isArray(value) && value.length) return value.join("\n");
    if (value === null || value === undefined || value.length === 0) return say(name === "starts_at" ? "tray" : "none");
    if (name === "room_id") return this.store.roomName(value);
    if (name === "duration_min") return say("minutes", { count: value });
    if (name !== "starts_at") return String(value);
    const minutes = Date.parse(value) / 60000;
    return `${this.store.dayOf(minutes)?.name ?? ""} ${this.store.clock(minutes)}`.trim();
  }
}
