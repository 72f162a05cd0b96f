// Everything by keyboard: arrows go from session to session, Enter picks up and drops, arrows move what is held.
import { isTyping, say } from "./schedule_dom.js";

export class Keys {
  constructor({ page, store, grid, hold, selection, live, save, options }) {
    Object.assign(this, { store, grid, hold, selection, live, save, options });
    page.addEventListener("keydown", (event) => this.#pressed(event));
    page.addEventListener("focusin", (event) => {
      const id = grid.idOf(event.target);
      if (id !== null) selection.focused(id);
    });
    addEventListener("keydown", (event) => this.#anywhere(event));
  }

  // Undo and redo work wherever no text is typed, which has its own undo.
  #anywhere(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    this.options.reverse(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  #pressed(event) {
    const id = this.grid.idOf(event.target);
    if (id === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.hold.isOn && this.hold.by !== "keys") return;
    const act = this.hold.isOn ? this.#held(event) : this.#free(event, id);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #held({ key, shiftKey }) {
    const { hold } = this;
    const isTall = hold.base.get(hold.anchor).at !== null || hold.ids.length === 1;
    if (shiftKey && isTall && key === "ArrowDown") return () => hold.resizeBy(1);
    if (shiftKey && isTall && key === "ArrowUp") return () => hold.resizeBy(-1);
    return {
      ArrowDown: () => hold.moveBy(1, 0),
      ArrowUp: () => hold.moveBy(-1, 0),
      ArrowRight: () => hold.moveBy(0, 1),
      ArrowLeft: () => hold.moveBy(0, -1),
      PageDown: () => hold.moveBy(60 / this.options.snap(), 0),
      PageUp: () => hold.moveBy(-60 / this.options.snap(), 0),
      Enter: () => this.#drop(),
      " ": () => this.#drop(),
      Delete: () => { hold.toTray(); this.#drop(); },
      Escape: () => this.#cancel(),
      Tab: () => this.live.speak(say("hold_keys")),
    }[key];
  }

  #drop() {
    const { anchor } = this.hold;
    this.hold.drop();
    this.#refocus(anchor);
  }

  #cancel() {
    const { anchor } = this.hold;
    this.hold.cancel();
    this.#refocus(anchor);
  }

  // The block may stand in another list now, which took the focus from it.
  #refocus(id) {
    requestAnimationFrame(() => requestAnimationFrame(() => this.grid.reveal(id)));
  }

  #free({ key, shiftKey }, id) {
    if (shiftKey && (key === "ArrowDown" || key === "ArrowUp")) return () => this.#resize(id, key === "ArrowDown" ? 1 : -1);
    return {
      ArrowDown: () => this.#go(this.#along(id, 1)),
      ArrowUp: () => this.#go(this.#along(id, -1)),
      ArrowRight: () => this.#go(this.#beside(id, 1)),
      ArrowLeft: () => this.#go(this.#beside(id, -1)),
      Home: () => this.#go(this.#listOf(id)[0]),
      End: () => this.#go(this.#listOf(id).at(-1)),
      Enter: () => this.#pick(id),
      " ": () => this.#choose(id),
      Delete: () => this.#unschedule(id),
      e: () => this.options.edit(id),
      Escape: () => this.selection.clear(),
    }[key];
  }

  #pick(id) {
    this.hold.pick(this.selection.with(id), id, "move", "keys");
  }

  // Shift and an arrow resize at once what is not held: one step a press.
  #resize(id, snaps) {
    if (this.store.place(id).at === null || !this.hold.pick([id], id, "resize", "keys")) return;
    this.hold.resizeBy(snaps);
    this.#drop();
  }

  #choose(id) {
    this.selection.toggle(id);
    this.live.speak(say("chosen", { count: this.selection.ids.size }));
  }

  #unschedule(id) {
    this.options.toTray(this.selection.with(id));
    this.#refocus(id);
  }

  #listOf(id) {
    const list = this.grid.blocks.get(id).element.parentNode;
    return [...list.children].filter((one) => one.classList.contains("s-block")).map((one) => Number(one.dataset.id));
  }

  // The next one in the tray, or by time in the same room; at its end the nearest in time of all.
  #along(id, by) {
    const ids = this.#listOf(id);
    const room = this.store.place(id).room;
    const inRoom = ids.filter((one) => this.store.place(one).room === room);
    return inRoom[inRoom.indexOf(id) + by] ?? ids[ids.indexOf(id) + by];
  }

  // The nearest in time in the next room that has any; beyond the last room the next day that is shown.
  #beside(id, by) {
    const { store, grid } = this;
    const place = store.place(id);
    if (place.at === null) return null;
    const index = place.room === null ? (by > 0 ? -1 : store.rooms.length) : grid.layout.index(place.room);
    const others = this.#listOf(id).map((one) => [one, store.place(one)]).filter(([one]) => one !== id);
    const ahead = others.filter(([, one]) => one.room !== null && (grid.layout.index(one.room) - index) * by > 0);
    if (!ahead.length) return this.#nextDay(place, by);
    const nearest = Math.min(...ahead.map(([, one]) => (grid.layout.index(one.room) - index) * by));
    return closest(ahead.filter(([, one]) => (grid.layout.index(one.room) - index) * by === nearest), place.at);
  }

  #nextDay(place, by) {
    const { fields } = this.grid;
    const field = fields[fields.indexOf(this.grid.layout.fieldOf(place.at)) + by];
    if (!field) return null;
    const there = [...field.list.children].map((one) => [Number(one.dataset.id), this.store.place(Number(one.dataset.id))]);
    const edge = there.filter(([, one]) => one.room === this.store.rooms.at(by > 0 ? 0 : -1)?.id);
    const from = this.grid.layout.fieldOf(place.at).day.from;
    return closest(edge.length ? edge : there, place.at - from + field.day.from);
  }

  #go(id) {
    if (id === null || id === undefined) return;
    const { element } = this.grid.blocks.get(id);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function closest(entries, at) {
  const far = ([, place]) => Math.abs(place.at - at);
  return entries.length ? entries.reduce((one, other) => (far(other) < far(one) ? other : one))[0] : null;
}
