// The stars of the public pages. Without this script they are not shown, and the personal page has a form.
import { isMarked, kept, mark, send } from "./programme_store.js";

export function showStars(root = document) {
  for (const star of root.querySelectorAll(".star")) {
    star.hidden = false;
    star.setAttribute("aria-pressed", String(isMarked(Number(star.dataset.session))));
  }
}

document.addEventListener("click", (event) => {
  const star = event.target.closest?.(".star");
  if (!star) return;
  mark(Number(star.dataset.session), star.getAttribute("aria-pressed") !== "true");
});
document.addEventListener("marks", () => showStars());
// Another tab changed them.
addEventListener("storage", () => showStars());
addEventListener("online", () => send());
showStars();
if (kept().link) send();
