// Which sessions are chosen, and which one block of each list the Tab key stops at.

export class Selection extends EventTarget {
  constructor(grid) {
    super();
    this.grid = grid;
    this.ids = new Set();
    this.current = null;
  }

  #changed() {
    for (const [id, block] of this.grid.blocks) {
      const chosen = String(this.ids.has(id));
      if (block.element.getAttribute("aria-selected") !== chosen) block.element.setAttribute("aria-selected", chosen);
    }
    this.dispatchEvent(new Event("change"));
  }

  only(id) {
    this.ids = new Set([id]);
    this.#changed();
  }

  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#changed();
  }

  set(ids) {
    this.ids = new Set(ids);
    this.#changed();
  }

  clear() {
    if (this.ids.size) this.set([]);
  }

  // What a gesture on this session takes along: all that are chosen where it is one of them.
  with(id) {
    return this.ids.has(id) ? [...this.ids] : [id];
  }

  focused(id) {
    this.current = id;
    this.rove();
    this.dispatchEvent(new Event("focus"));
  }

  // Sessions come and go; deleted ones are not chosen any more.
  follow(store) {
    const gone = [...this.ids].filter((id) => !store.sessions.has(id));
    for (const id of gone) this.ids.delete(id);
    if (!store.sessions.has(this.current)) this.current = null;
    this.#changed();
    this.rove();
  }

  // One block of each list can be reached by Tab: the current one, else the first.
  rove() {
    for (const list of document.querySelectorAll(".s-list, #schedule-tray")) {
      const blocks = [...list.children].filter((one) => one.classList.contains("s-block"));
      const stop = blocks.find((one) => Number(one.dataset.id) === this.current) ?? blocks[0];
      for (const one of blocks) {
        const index = one === stop ? 0 : -1;
        if (one.tabIndex !== index) one.tabIndex = index;
      }
    }
  }
}
