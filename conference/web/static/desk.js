// The desk by a scanner and two keys. The box has the focus all the time, so that a code which is scanned now is
// typed there; while it is empty, Enter prints the badge that is shown and the space bar marks the person as here.
// A plain script in the head, and no module: who presses Enter at once is understood.
{
  const KEYS = { Enter: "[data-desk-print]", " ": "[data-desk-here]" };

  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-desk-box]") || box.value !== "" || !(event.key in KEYS)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    document.querySelector(KEYS[event.key])?.click();
  });
}
