// One-key shortcuts of the office: everything they do can be done without them.
// They can be turned off in their own list, as WCAG 2.2, 2.1.4 asks of single-key shortcuts.
// A plain script in the head, and no module: a link that has the focus takes keys before a module runs, and who
// presses "n" as soon as the page is there would press it for nothing.
{
  const KEPT = "conference-shortcuts";
  const list = () => document.getElementById("shortcuts");

  const areOn = () => localStorage.getItem(KEPT) !== "off";

  const isTyping = (target) =>
    target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);

  const actions = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => list()?.showModal(),
  };

  // A page gives a link or button a key of its own: data-key="n".
  const own = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

  // 1 to 9 and then 0, as the keys lie.
  const goTo = (digit) => document.querySelectorAll(".office-head nav a")[(digit + 9) % 10]?.click();

  document.addEventListener("DOMContentLoaded", () => {
    const toggle = document.getElementById("shortcuts-on");
    toggle.checked = areOn();
    toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));
    document.getElementById("shortcuts-show").addEventListener("click", () => list().showModal());
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || list()?.open || !areOn()) return;
    if (event.key in actions) {
      event.preventDefault();
      actions[event.key]();
    } else if (/^[0-9]$/.test(event.key)) {
      goTo(Number(event.key));
    } else if (event.key.length === 1 && own(event.key)) {
      event.preventDefault();
      own(event.key).click();
    }
  });
}
