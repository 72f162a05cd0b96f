// Enter goes on to the next field and registers after the last: a name is typed, and Enter follows by itself.
// Without this script Enter registers at once, as in every form.
const form = document.getElementById("walk-in");

// One stop for a group of radio buttons: the chosen one, or the first.
function stops() {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, button[type=submit]")];
  return fields.filter((field) => {
    if (field.type !== "radio") return true;
    const group = fields.filter((other) => other.name === field.name);
    return field === (group.find((other) => other.checked) ?? group[0]);
  });
}

if (form) {
  document.querySelector(".enter-goes-on").hidden = false;
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type === "submit" || event.ctrlKey || event.metaKey) return;
    const all = stops();
    const next = all[all.indexOf(event.target) + 1];
    event.preventDefault();
    if (next && next.type !== "submit") next.focus();
    else form.requestSubmit();
  });
}
