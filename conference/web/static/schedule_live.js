// What is told: politely to who listens, as a line for who looks, and as a bar that nobody can miss.
import { button, write } from "./schedule_dom.js";

export class Live {
  constructor(page) {
    this.region = page.querySelector("#schedule-spoken");
    this.state = page.querySelector("#schedule-state");
    this.bar = page.querySelector("#schedule-bar");
    this.strip = page.querySelector("#schedule-strip");
    this.queue = [];
  }

  // What is said within a moment is said as one, or the later would cut the earlier off. Of what is only on its way
  // (`isPassing`) the last is enough.
  speak(text, isPassing = false) {
    this.queue = this.queue.filter((one) => !one.isPassing);
    this.queue.push({ text, isPassing });
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      const said = this.queue.map((one) => one.text).join(" ");
      this.queue = [];
      // The same words twice are told twice only where the region changes between.
      this.region.textContent = this.region.textContent === said ? `${said}\u00a0` : said;
    }, 60);
  }

  saved(text) {
    write(this.state, text);
  }

  // A loud bar with what is wrong and what can be done; `name` tells one trouble from another.
  alarm(name, text, ...acts) {
    // Said again in the same words it would be told again, and take the focus from its button.
    if (this.alarmed === name && this.bar.firstChild?.textContent === text) return;
    this.alarmed = name;
    this.bar.replaceChildren(document.createElement("p"), ...acts.map(([label, act]) => button(label, "second", act)));
    this.bar.firstChild.textContent = text;
    this.bar.hidden = false;
  }

  calm(name) {
    if (name && this.alarmed !== name) return;
    this.alarmed = null;
    this.bar.hidden = true;
    this.bar.replaceChildren();
  }

  // What is held, where it would land, and why it may not.
  held(text, level = 0) {
    this.strip.hidden = !text;
    this.strip.dataset.level = level;
    write(this.strip, text ?? "");
  }
}
