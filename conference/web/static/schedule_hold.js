// What is held, by pointer or by keys: where it would land is drawn, told, and only written when it is dropped.
import { make, say, write } from "./schedule_dom.js";

const DAY_MIN = 1440;
const SHORTEST_MIN = 5;
const LONGEST_MIN = 1440;

export class Hold {
  constructor({ store, grid, live, heat, save, options }) {
    Object.assign(this, { store, grid, live, heat, save, options, ids: [], isOn: false });
  }

  // Picks sessions up by one of them. Answers false, having said why, where that cannot be.
  pick(ids, anchor, mode, by) {
    const store = this.store;
    if (this.isOn || !this.#may()) return false;
    const base = store.place(anchor);
    const chosen = mode === "resize" ? [anchor] : ids.filter((id) => (store.place(id)?.at === null) === (base.at === null));
    const outside = chosen.find((id) => !store.isOpen(id));
    if (outside) {
      this.live.speak(say("outside_tracks", { title: store.sessions.get(outside).title }));
      this.live.saved(say("outside_tracks", { title: store.sessions.get(outside).title }));
      return false;
    }
    const pinned = mode === "move" && chosen.find((id) => store.sessions.get(id).pinned);
    if (pinned) {
      this.live.speak(say("pinned_stays", { title: store.sessions.get(pinned).title }));
      this.live.saved(say("pinned_stays", { title: store.sessions.get(pinned).title }));
      return false;
    }
    Object.assign(this, { isOn: true, ids: chosen, anchor, mode, by });
    this.base = new Map(chosen.map((id) => [id, store.place(id)]));
    this.target = { ...base, toTray: false };
    if (base.at === null && by === "keys") this.#firstPlace();
    this.seen = new Map(chosen.map((id) => [id, store.seen(id)]));
    this.ghosts = new Map(chosen.map((id) => [id, this.#ghost(id)]));
    for (const id of chosen) this.grid.blocks.get(id)?.element.classList.add("is-held");
    document.documentElement.classList.add("s-holding");
    this.heat.show(anchor, this.options.snap(), () => this.#tell(by === "keys"), mode === "resize");
    this.#draw();
    if (by === "keys") this.live.speak(`${say("picked", { title: this.title() })} ${this.#where()}`);
    return true;
  }

  #may() {
    if (!this.store.mayEdit) this.live.speak(say("viewer"));
    else if (this.options.isCut()) this.live.speak(say("offline"));
    return this.store.mayEdit && !this.options.isCut();
  }

  // From the tray by keys: an hour into the first day that is shown, in the first room.
  #firstPlace() {
    const day = this.grid.fields[0]?.day;
    const isRoomless = ["break", "social"].includes(this.store.sessions.get(this.anchor).kind);
    if (day) Object.assign(this.target, { at: day.from + 60, room: isRoomless ? null : (this.store.rooms[0]?.id ?? null) });
  }

  title() {
    const title = this.store.sessions.get(this.anchor)?.title ?? "";
    return this.ids.length > 1 ? say("and_more", { title, count: this.ids.length - 1 }) : title;
  }

  // Lets it stand at a room's index and minute, snapped and within the day; nothing is drawn where nothing differs.
  moveTo(index, at) {
    const day = this.grid.layout.fieldOf(at)?.day ?? this.store.dayOf(at);
    if (!day) return;
    const room = this.#keepsNoRoom() ? null : (this.store.rooms[index]?.id ?? null);
    const within = Math.min(Math.max(at, day.from), day.to - this.options.snap());
    this.#set({ at: within, room: this.#clamped(room), toTray: false });
  }

  toTray() {
    this.#set({ ...this.target, toTray: true });
  }

  resizeTo(minutes) {
    this.#set({ ...this.target, minutes: Math.min(Math.max(minutes, SHORTEST_MIN), LONGEST_MIN) });
  }

  // By keys: so many snaps later and so many rooms to the right, over the edge into the next day.
  moveBy(snaps, rooms) {
    if (this.target.toTray) this.#set({ ...this.target, toTray: false });
    const step = this.options.snap();
    let index = (this.target.room === null ? 0 : this.grid.layout.index(this.target.room)) + rooms;
    let at = this.target.at + snaps * step;
    const count = this.store.rooms.length;
    if (rooms && (index < 0 || index >= count || this.target.room === null)) {
      const day = this.store.dayOf(this.target.at);
      const next = this.store.days[this.store.days.indexOf(day) + Math.sign(rooms)];
      if (!next) index = Math.min(Math.max(index, 0), count - 1);
      else {
        at += Math.round((Date.parse(next.day) - Date.parse(day.day)) / 60000 / DAY_MIN) * DAY_MIN;
        at = Math.min(Math.max(at, next.from), next.to - step);
        index = rooms > 0 ? 0 : count - 1;
        if (!this.grid.layout.fieldOf(at)) this.options.showDay(next.day);
      }
    }
    this.moveTo(index, at);
    this.ghosts.get(this.anchor)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#tell(true);
  }

  resizeBy(snaps) {
    this.resizeTo(this.target.minutes + snaps * this.options.snap());
    this.#tell(true);
  }

  #keepsNoRoom() {
    const session = this.store.sessions.get(this.anchor);
    return this.base.get(this.anchor).room === null && ["break", "social"].includes(session.kind);
  }

  // No session of several goes beyond the first or last room.
  #clamped(room) {
    const first = this.base.get(this.anchor).room;
    if (room === null || first === null || this.ids.length === 1) return room;
    const { layout } = this.grid;
    const held = [...this.base.values()].filter((one) => one.room !== null).map((one) => layout.index(one.room));
    const by = layout.index(room) - layout.index(first);
    const most = this.store.rooms.length - 1 - Math.max(...held);
    return this.store.rooms[layout.index(first) + Math.min(Math.max(by, -Math.min(...held)), most)].id;
  }

  #set(target) {
    const old = this.target;
    if (["at", "room", "minutes", "toTray"].every((name) => (target[name] ?? old[name]) === old[name])) return;
    this.target = { ...old, ...target };
    this.#draw();
    this.#tell(false);
  }

  // Map id → place as it would be written.
  places() {
    const { target, base, anchor, store } = this;
    if (target.toTray) return new Map(this.ids.map((id) => [id, { at: null, room: null, minutes: base.get(id).minutes }]));
    if (this.mode === "resize") return new Map([[anchor, { ...base.get(anchor), minutes: target.minutes }]]);
    const first = base.get(anchor);
    if (first.at === null) return this.#stacked(target.at, target.room);
    const { layout } = this.grid;
    const rooms = target.room === null || first.room === null ? 0 : layout.index(target.room) - layout.index(first.room);
    return new Map([...base].map(([id, place]) => {
      const room = place.room === null ? (id === anchor ? target.room : null) : store.rooms[layout.index(place.room) + rooms].id;
      const minutes = id === anchor ? target.minutes : place.minutes;
      return [id, { at: place.at + target.at - first.at, room, minutes }];
    }));
  }

  // Several from the tray: one after the other, the one that was taken first.
  #stacked(at, room) {
    let next = at;
    const order = [this.anchor, ...this.ids.filter((id) => id !== this.anchor)];
    return new Map(order.map((id) => {
      const minutes = id === this.anchor ? this.target.minutes : this.base.get(id).minutes;
      const place = { at: next, room, minutes };
      if (at !== null) next += minutes;
      return [id, place];
    }));
  }

  #ghost(id) {
    const ghost = make("div", "s-ghost");
    ghost.append(make("strong", "s-title", this.store.sessions.get(id).title), make("span", "s-when"), make("span", "s-why"));
    return ghost;
  }

  #draw() {
    for (const [id, place] of this.places()) {
      const ghost = this.ghosts.get(id);
      const field = place.at === null ? null : this.grid.layout.fieldOf(place.at);
      ghost.hidden = !field;
      if (!field) continue;
      if (ghost.parentNode !== field.ghosts) field.ghosts.append(ghost);
      const box = this.grid.layout.box(field, place, { lane: 0, lanes: 1 });
      ghost.style.transform = `translate(${box.left}px, ${box.top}px)`;
      ghost.style.width = `${box.width}px`;
      ghost.style.height = `${box.height}px`;
      write(ghost.children[1], this.store.span(place));
    }
    document.documentElement.classList.toggle("s-to-tray", this.target.toTray);
  }

  #why() {
    if (this.target.toTray) return null;
    const place = this.places().get(this.anchor);
    if (this.mode === "resize") return this.heat.until(place);
    const found = this.heat.at(place);
    if (place.at === null || !this.store.isPast(place.at)) return found;
    return { level: Math.max(found?.level ?? 0, 1), text: `${found?.level ? `${found.text} ` : ""}${say("past")}` };
  }

  #where() {
    const place = this.places().get(this.anchor);
    if (place.at === null) return say("tray");
    const day = this.store.dayOf(place.at)?.name ?? "";
    const room = place.room === null ? "" : `, ${this.store.roomName(place.room)}`;
    return `${day} ${this.store.span(place)}${room}.`;
  }

  #tell(aloud) {
    if (!this.isOn) return;
    const why = this.#why();
    for (const ghost of this.ghosts.values()) ghost.dataset.level = why?.level ?? 0;
    write(this.ghosts.get(this.anchor).children[2], why?.text ?? "");
    this.live.held(`${this.title()}: ${this.#where()} ${why?.text ?? ""} ${say(this.by === "keys" ? "hold_keys" : "hold_pointer")}`, why?.level ?? 0);
    if (aloud) this.live.speak(`${this.#where()} ${why?.text ?? ""}`, true);
  }

  // Puts it down. What the settings forbid is not even sent, and says why.
  drop() {
    const why = this.#why();
    if (why?.level === 3 && this.ids.length === 1) {
      this.cancel(say("may_not", { title: this.title(), why: why.text }));
      return;
    }
    const places = new Map([...this.places()].filter(([id, place]) => differs(place, this.base.get(id))));
    const told = `${say("dropped", { title: this.title() })} ${this.#where()} ${why?.level ? why.text : ""}`;
    this.#end();
    if (!places.size) {
      this.live.speak(say("unmoved"));
      return;
    }
    this.save.put(places, this.seen);
    this.live.speak(told);
  }

  cancel(reason) {
    if (!this.isOn) return;
    const title = this.title();
    this.#end();
    this.live.speak(reason ?? say("cancelled", { title }));
    if (reason) this.live.saved(reason);
  }

  // Others' edits while it is held: a session that is gone cannot be held.
  follow() {
    if (!this.isOn) return;
    if (!this.ids.every((id) => this.store.sessions.has(id))) {
      this.cancel(say("deleted_meanwhile"));
      return;
    }
    for (const id of this.ids) this.grid.blocks.get(id)?.element.classList.add("is-held");
    this.#draw();
  }

  #end() {
    this.isOn = false;
    for (const ghost of this.ghosts.values()) ghost.remove();
    for (const id of this.ids) this.grid.blocks.get(id)?.element.classList.remove("is-held");
    document.documentElement.classList.remove("s-holding", "s-to-tray");
    this.heat.clear();
    this.live.held(null);
    this.options.ended?.();
  }
}

function differs(one, other) {
  return one.at !== other.at || one.room !== other.room || one.minutes !== other.minutes;
}
