// Finding a person by name: a box that offers people as one types, by keyboard, mouse and touch.
import { button, make, say, write } from "./schedule_dom.js";

const PAUSE_MS = 200;
let count = 0;

export class PersonSearch {
  // `roles` are the [value, word] to choose from; `pick` takes the person {id, name} and the role.
  constructor({ net, live, roles, label, pick }) {
    Object.assign(this, { net, live, pick, found: [], active: -1 });
    count += 1;
    const id = `schedule-person-${count}`;
    this.input = make("input", "", "", {
      type: "text", id, role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
    });
    this.role = make("select", "", "", { "aria-label": say("person_role") });
    for (const [value, word] of roles) this.role.append(make("option", "", word, { value }));
    this.role.hidden = roles.length < 2;
    this.list = make("ul", "s-found", "", { id: `${id}-list`, role: "listbox", "aria-label": say("people_found") });
    this.list.hidden = true;
    this.note = make("p", "soft", "");
    this.note.hidden = true;
    const line = make("div", "s-person-line");
    line.append(this.input, this.role);
    this.element = make("div", "s-person");
    this.element.append(make("label", "", label, { for: id }), line, this.list, this.note);
    this.input.addEventListener("input", () => this.#later());
    this.input.addEventListener("keydown", (event) => this.#pressed(event));
    this.input.addEventListener("blur", () => this.#close());
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  async #ask() {
    const text = this.input.value.trim();
    if (!text) return this.#close();
    const answer = await this.net.get(`people?text=${encodeURIComponent(text)}`);
    if (this.input.value.trim() !== text) return undefined;
    if (answer.status !== 200) return this.#tell([], say("people_unread"));
    const { people, more } = answer.told;
    return this.#tell(people, people.length ? (more ? say("people_more") : "") : say("people_none"));
  }

  #tell(people, note) {
    this.found = people;
    this.active = people.length ? 0 : -1;
    this.list.replaceChildren(...people.map((one, index) => this.#item(one, index)));
    this.list.hidden = !people.length;
    write(this.note, note);
    this.note.hidden = !note;
    this.input.setAttribute("aria-expanded", String(people.length > 0));
    this.#mark();
    this.element.scrollIntoView({ block: "nearest" });
    this.live.speak(note || say("people_count", { count: people.length }));
  }

  #item(person, index) {
    const item = make("li", "", "", { id: `${this.list.id}-${index}`, role: "option" });
    item.append(make("bdi", "s-name", person.name), make("span", "soft", person.note));
    // Before the box loses the focus, which would close the list.
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => this.#picked(index));
    return item;
  }

  #mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
    if (this.active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", this.list.children[this.active].id);
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  #pressed(event) {
    if (event.key === "Escape" && (this.input.value || !this.list.hidden)) {
      this.input.value = "";
      this.#close();
    } else if (event.key === "Enter") {
      if (this.active >= 0 && !this.list.hidden) this.#picked(this.active);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.found.length) {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length;
      this.#mark();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #picked(index) {
    const person = this.found[index];
    this.input.value = "";
    this.#close();
    this.pick(person, this.role.value);
  }

  #close() {
    clearTimeout(this.timer);
    this.found = [];
    this.active = -1;
    this.list.hidden = true;
    this.note.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

// Who is there, each with a way out. `words` tells a role; `out` takes the place in the list.
export function peopleList(people, words, out) {
  const list = make("ul", "s-persons");
  people.forEach(([, name, role], index) => {
    const item = make("li");
    item.append(make("bdi", "", name), make("span", "soft", words(role)), button(say("take_out"), "second", () => out(index)));
    item.lastChild.setAttribute("aria-label", say("take_out_who", { name }));
    list.append(item);
  });
  return list;
}
