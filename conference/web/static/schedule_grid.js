// The days as fields of columns, the sessions as blocks on them, and the tray of those without a time.
import { Block } from "./schedule_block.js";
import { make, say, write } from "./schedule_dom.js";
import { lanes, Layout, NARROWEST_PX } from "./schedule_layout.js";

const TIMES_PX = 52;
const DAY_GAP_PX = 24;

export class Grid {
  constructor(page, store, options) {
    Object.assign(this, { store, options });
    this.scroll = page.querySelector("#schedule-scroll");
    this.tray = page.querySelector("#schedule-tray");
    this.trayCount = page.querySelector("#schedule-tray-count");
    this.trayEmpty = page.querySelector("#schedule-tray-empty");
    this.blocks = new Map();
    this.fields = [];
    new ResizeObserver(() => this.#resized()).observe(this.scroll);
  }

  #resized() {
    if (this.scroll.clientWidth === this.width || !this.store.rooms) return;
    this.build();
    this.paint();
  }

  days() {
    const chosen = this.options.day();
    const found = this.store.days.filter((day) => day.day === chosen);
    return found.length ? found : this.store.days;
  }

  // Draws the paper: a field for each day that is shown.
  build() {
    const rooms = Math.max(this.store.rooms.length, 1);
    const days = this.days();
    this.width = this.scroll.clientWidth;
    const free = this.width / days.length - TIMES_PX - (days.length > 1 ? DAY_GAP_PX : 6);
    const column = Math.max(NARROWEST_PX, Math.floor(free / rooms));
    const perMinute = this.options.perMinute();
    this.signature = JSON.stringify([days.map((day) => [day.day, day.from, day.to]), this.store.rooms]);
    this.scroll.style.setProperty("--hour", `${60 * perMinute}px`);
    this.scroll.style.setProperty("--column", `${column}px`);
    const focused = document.activeElement?.closest?.(".s-block")?.dataset.id;
    for (const block of this.blocks.values()) block.boxed = "";
    this.fields = days.map((day) => this.#field(day, rooms, column, perMinute));
    this.scroll.replaceChildren(...this.fields.map((field) => field.section));
    for (const field of this.fields) {
      // Within what scrolls, whatever is around it.
      field.left = field.section.offsetLeft + field.columns.offsetLeft;
      field.top = field.section.offsetTop + field.body.offsetTop;
    }
    this.layout = new Layout({ fields: this.fields, rooms, column, perMinute });
    this.layout.indexOf = this.store.roomIndex;
    if (focused) this.refocus = Number(focused);
  }

  #field(day, rooms, column, perMinute) {
    const section = make("section", "s-day");
    const head = make("div", "s-head");
    const title = make("h2", this.days().length > 1 ? "s-day-name" : "s-day-name hidden", day.name, { id: `day-${day.day}` });
    const names = make("div", "s-rooms");
    names.append(make("span", "s-corner"));
    for (const room of this.store.rooms) {
      const name = make("span", "s-room", room.name);
      name.title = room.name;
      if (room.seats) name.append(make("small", "", say("seats", { count: room.seats })));
      names.append(name);
    }
    head.append(title, names);
    const body = make("div", "s-body");
    const times = make("div", "s-times", "", { "aria-hidden": "true" });
    for (const [minutes, text] of day.marks) {
      const mark = make("span", text.endsWith(":00") ? "s-hour" : "s-half", text);
      mark.style.top = `${(minutes - day.from) * perMinute}px`;
      times.append(mark);
    }
    const columns = make("div", "s-columns");
    const heat = make("div", "s-heat", "", { "aria-hidden": "true" });
    const list = make("div", "s-list");
    const ghosts = make("div", "s-ghosts", "", { "aria-hidden": "true" });
    columns.style.width = `${column * rooms}px`;
    body.style.height = `${(day.to - day.from) * perMinute}px`;
    columns.append(heat, list, ghosts);
    body.append(times, columns);
    section.append(head, body);
    return { day, section, body, columns, heat, list, ghosts };
  }

  // Brings the blocks in line with the store. Only what differs is written.
  paint() {
    if (this.signature !== JSON.stringify([this.days().map((day) => [day.day, day.from, day.to]), this.store.rooms])) this.build();
    const store = this.store;
    const focused = document.activeElement?.closest?.(".s-block");
    const here = this.#whoIsWhere();
    const byField = new Map(this.fields.map((field) => [field, new Map()]));
    const tray = [];
    const shown = new Set();
    for (const session of store.sessions.values()) {
      const place = store.place(session.id);
      const field = place.at === null ? null : this.layout.fieldOf(place.at);
      if (place.at !== null && !field) continue; // of a day that is not shown
      shown.add(session.id);
      this.block(session.id).show(store, session, place, here.get(session.id) ?? "");
      if (!field) tray.push(session);
      else {
        const rooms = byField.get(field);
        if (!rooms.has(place.room)) rooms.set(place.room, []);
        rooms.get(place.room).push({ id: session.id, ...place });
      }
    }
    for (const [field, rooms] of byField) this.#paintField(field, rooms);
    this.#paintTray(tray);
    for (const [id, block] of this.blocks) {
      if (shown.has(id)) continue;
      block.element.remove();
      if (!store.sessions.has(id)) this.blocks.delete(id);
    }
    // An element that is moved in the document loses the focus, and with it the keys of what is held.
    const stays = this.refocus ? this.blocks.get(this.refocus)?.element : focused;
    this.refocus = null;
    if (stays?.isConnected && document.activeElement !== stays) stays.focus({ preventScroll: true });
    this.options.painted?.();
  }

  #paintField(field, rooms) {
    const order = [];
    for (const [, items] of rooms) {
      const side = lanes(items);
      for (const item of items) {
        const block = this.block(item.id);
        block.put(this.layout.box(field, item, side.get(item.id)));
        block.element.classList.toggle("is-wide", item.room === null);
        block.element.classList.toggle("is-roomless", item.room === null);
        order.push(item);
      }
    }
    order.sort((one, other) => one.at - other.at || this.layout.index(one.room) - this.layout.index(other.room) || one.id - other.id);
    this.#arrange(field.list, order.map((item) => this.block(item.id).element), `day-${field.day.day}`);
  }

  #paintTray(sessions) {
    sessions.sort((one, other) => one.title.localeCompare(other.title, document.documentElement.lang));
    for (const session of sessions) {
      this.block(session.id).put(null);
      this.block(session.id).element.classList.remove("is-wide", "is-roomless");
    }
    this.#arrange(this.tray, sessions.map((session) => this.block(session.id).element), "schedule-tray-title");
    write(this.trayCount, String(sessions.length));
    this.trayEmpty.hidden = sessions.length > 0;
  }

  // In reading order, for who goes through the list; what stands right is not moved, so that focus stays.
  #arrange(list, elements, label) {
    let next = list.firstChild;
    for (const element of elements) {
      if (element === next) next = next.nextSibling;
      else list.insertBefore(element, next);
    }
    while (next) {
      const after = next.nextSibling;
      if (next.classList.contains("s-block")) next.remove();
      next = after;
    }
    // A list without an entry is none to who listens.
    const told = { role: "listbox", "aria-multiselectable": "true", "aria-labelledby": label };
    for (const [name, value] of Object.entries(told)) {
      if (!elements.length) list.removeAttribute(name);
      else if (list.getAttribute(name) !== value) list.setAttribute(name, value);
    }
  }

  #whoIsWhere() {
    const found = new Map();
    for (const one of this.store.here) {
      if (one.session === null || one.tab === this.options.tab) continue;
      const names = found.get(one.session);
      const name = one.who === this.store.me ? say("you_elsewhere") : one.name;
      found.set(one.session, names ? `${names}, ${name}` : name);
    }
    return found;
  }

  block(id) {
    if (!this.blocks.has(id)) this.blocks.set(id, new Block(id));
    return this.blocks.get(id);
  }

  idOf(target) {
    const element = target?.closest?.(".s-block");
    return element ? Number(element.dataset.id) : null;
  }

  // Shows the session, on its day if another is shown, and gives it the focus.
  reveal(id) {
    const place = this.store.place(id);
    if (!place) return;
    if (place.at !== null && !this.layout.fieldOf(place.at)) this.options.showDay(this.store.dayOf(place.at)?.day ?? "all");
    const element = this.blocks.get(id)?.element;
    element?.scrollIntoView({ block: "center", inline: "center" });
    element?.focus({ preventScroll: true });
  }
}
