// Mouse, pen and touch: press and move to drag, a short hold first by touch, the lower edge to resize, the paper to choose.
import { make } from "./schedule_dom.js";
import { snapped } from "./schedule_layout.js";

const SLACK_PX = 4;
const TOUCH_HOLD_MS = 350;
const TOUCH_SLACK_PX = 10;
const EDGE_PX = 44;
const SCROLL_PX = 14;

export class Pointer {
  constructor({ page, grid, hold, selection, options }) {
    Object.assign(this, { page, grid, hold, selection, options, start: null });
    this.scroll = grid.scroll;
    this.trayBox = page.querySelector("#schedule-tray-panel");
    page.addEventListener("pointerdown", (event) => this.#down(event));
    addEventListener("pointermove", (event) => this.#move(event));
    addEventListener("pointerup", (event) => this.#up(event));
    addEventListener("pointercancel", () => this.#cancelled());
    // While something is held a finger moves it, and scrolls nothing.
    page.addEventListener("touchmove", (event) => this.isDragging && event.preventDefault(), { passive: false });
    page.addEventListener("contextmenu", (event) => (this.isDragging || this.start?.type === "touch") && event.preventDefault());
    this.scroll.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    addEventListener("keydown", (event) => this.#escaped(event), { capture: true });
  }

  #down(event) {
    if (event.button !== 0 || this.start || this.hold.isOn) return;
    const id = this.grid.idOf(event.target);
    const isPaper = id === null && event.target.closest(".s-columns");
    if (id === null && !isPaper) return;
    const { clientX: x, clientY: y, pointerId, pointerType: type } = event;
    const isEdge = event.target.classList.contains("s-edge");
    const many = event.ctrlKey || event.metaKey || event.shiftKey;
    this.start = { id, x, y, pointerId, type, many, mode: isEdge ? "resize" : "move" };
    this.last = { x, y };
    if (type === "touch" && id !== null) this.timer = setTimeout(() => this.#begin(), TOUCH_HOLD_MS);
    // The text of a block is no text to mark.
    if (type !== "touch") event.preventDefault();
    if (id !== null) this.grid.block(id).element.focus({ preventScroll: true });
  }

  #move(event) {
    const { start } = this;
    if (!start || event.pointerId !== start.pointerId) return;
    this.last = { x: event.clientX, y: event.clientY };
    if (this.isDragging || this.marquee) {
      this.#frameSoon();
      return;
    }
    const far = Math.hypot(event.clientX - start.x, event.clientY - start.y);
    if (start.type === "touch") {
      if (far > TOUCH_SLACK_PX) this.#forget();
    } else if (far > SLACK_PX) {
      if (start.id === null) this.#beginMarquee();
      else this.#begin();
    }
  }

  // All that is measured is measured once: a drag itself reads nothing of the page.
  #measure() {
    this.rect = this.scroll.getBoundingClientRect();
    this.trayRect = this.trayBox.getBoundingClientRect();
    this.at = { left: this.scroll.scrollLeft, top: this.scroll.scrollTop };
    this.most = {
      left: this.scroll.scrollWidth - this.scroll.clientWidth,
      top: this.scroll.scrollHeight - this.scroll.clientHeight,
    };
  }

  #inside({ x, y }) {
    return [x - this.rect.left + this.at.left, y - this.rect.top + this.at.top];
  }

  #begin() {
    clearTimeout(this.timer);
    const { id, mode, type } = this.start;
    this.#measure();
    if (!this.hold.pick(this.selection.with(id), id, mode, "pointer")) {
      this.#forget();
      return;
    }
    this.isDragging = true;
    this.wasMany = this.start.many;
    const place = this.hold.base.get(id);
    const [, y] = this.#inside(this.start);
    const field = place.at === null ? null : this.grid.layout.fieldOf(place.at);
    // Where in the block it was taken, so that it does not jump under the hand.
    this.grab = field ? field.day.from + (y - field.top) / this.grid.layout.perMinute - place.at : 0;
    if (type === "touch") navigator.vibrate?.(10);
    this.#frameSoon();
  }

  #frameSoon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.isDragging) this.#drag();
      else if (this.marquee) this.#stretch();
    });
  }

  #drag() {
    const { x, y } = this.last;
    const tray = this.trayRect;
    if (this.start.mode === "move" && x > tray.left && x < tray.right && y > tray.top && y < tray.bottom) {
      this.hold.toTray();
      return;
    }
    const spot = this.grid.layout.under(...this.#inside(this.last));
    const isOver = x > this.rect.left && x < this.rect.right && y > this.rect.top && y < this.rect.bottom;
    if (this.start.mode === "resize") this.#resize(y);
    else if (spot && isOver) this.hold.moveTo(spot.index, snapped(spot.at - this.grab, this.options.snap()));
    if (this.#scrollNearEdge(x, y)) this.#frameSoon();
  }

  #resize(y) {
    const place = this.hold.base.get(this.start.id);
    const field = this.grid.layout.fieldOf(place.at);
    if (!field) return;
    const at = field.day.from + (this.#inside({ x: 0, y })[1] - field.top) / this.grid.layout.perMinute;
    this.hold.resizeTo(snapped(at, this.options.snap()) - place.at);
  }

  // Answers whether it scrolled, so that it goes on while the pointer rests.
  #scrollNearEdge(x, y) {
    const by = (value, low, high) => (value < low + EDGE_PX ? -SCROLL_PX : value > high - EDGE_PX ? SCROLL_PX : 0);
    const isOver = x > this.rect.left && x < this.rect.right;
    const left = isOver && this.start.mode === "move" ? by(x, this.rect.left, this.rect.right) : 0;
    const top = isOver ? by(y, this.rect.top, this.rect.bottom) : 0;
    const next = {
      left: Math.min(Math.max(this.at.left + left, 0), this.most.left),
      top: Math.min(Math.max(this.at.top + top, 0), this.most.top),
    };
    if (next.left === this.at.left && next.top === this.at.top) return false;
    this.at = next;
    this.scroll.scrollTo({ ...next, behavior: "instant" });
    return true;
  }

  #scrolled() {
    if (!this.isDragging && !this.marquee) return;
    this.at = { left: this.scroll.scrollLeft, top: this.scroll.scrollTop };
    this.#frameSoon();
  }

  #beginMarquee() {
    this.#measure();
    this.marquee = make("div", "s-marquee");
    this.scroll.append(this.marquee);
    this.origin = this.#inside(this.start);
    this.before = this.start.many ? [...this.selection.ids] : [];
  }

  #stretch() {
    const [x, y] = this.#inside(this.last);
    const [ox, oy] = this.origin;
    const box = { left: Math.min(x, ox), top: Math.min(y, oy), width: Math.abs(x - ox), height: Math.abs(y - oy) };
    for (const name of Object.keys(box)) this.marquee.style[name] = `${box[name]}px`;
    this.box = box;
  }

  #up(event) {
    if (!this.start || event.pointerId !== this.start.pointerId) return;
    const { id, many } = this.start;
    if (this.isDragging) {
      this.#drag();
      this.hold.drop();
    } else if (this.marquee) this.#choose();
    else if (id === null) this.selection.clear();
    else if (many) this.selection.toggle(id);
    else this.selection.only(id);
    this.#forget();
  }

  // All that the frame touches.
  #choose() {
    this.#stretch();
    const { left, top, width, height } = this.box;
    const found = [];
    for (const field of this.grid.fields) {
      for (const element of field.list.children) {
        const x = field.left + element.offsetLeft;
        const y = field.top + element.offsetTop;
        const isTouched = x < left + width && x + element.offsetWidth > left && y < top + height && y + element.offsetHeight > top;
        if (isTouched) found.push(Number(element.dataset.id));
      }
    }
    this.selection.set([...this.before, ...found]);
  }

  #cancelled() {
    if (this.isDragging) this.hold.cancel();
    this.#forget();
  }

  // Before the keys of what is not held see it.
  #escaped(event) {
    if (event.key !== "Escape" || !this.start) return;
    event.stopPropagation();
    this.#cancelled();
  }

  #forget() {
    clearTimeout(this.timer);
    this.marquee?.remove();
    Object.assign(this, { start: null, isDragging: false, marquee: null });
  }
}
