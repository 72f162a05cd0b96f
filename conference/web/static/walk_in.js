// Enter goes on to the next field and registers after the last: a name is typed, and Enter follows by itself.
// Without this script Enter registers at once, as in every form.
// A plain script in the head, and no module: the first field has the focus before a module runs, and who types at
// once would send the form with the first name alone.
{
  // One stop for a group of radio buttons: the chosen one, or the first.
  const stops = (form) => {
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select, button[type=submit]")];
    return fields.filter((field) => {
      if (field.type !== "radio") return true;
      const group = fields.filter((other) => other.name === field.name);
      return field === (group.find((other) => other.checked) ?? group[0]);
    });
  };

  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (form?.id !== "walk-in" || event.key !== "Enter" || event.target.type === "submit") return;
    if (event.ctrlKey || event.metaKey) return;
    const all = stops(form);
    const next = all[all.indexOf(event.target) + 1];
    event.preventDefault();
    if (next && next.type !== "submit") next.focus();
    // While the page still comes in, the last field that is there is not the last of the form.
    else if (document.readyState !== "loading") form.requestSubmit();
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("#walk-in .enter-goes-on")?.removeAttribute("hidden");
  });
}
