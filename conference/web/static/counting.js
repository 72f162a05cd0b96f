// Says below a text how many characters are left. Without it the limit stands in the hint, and the server counts.
for (const text of document.querySelectorAll("textarea[data-count][maxlength]")) {
  const limit = Number(text.getAttribute("maxlength"));
  const left = document.createElement("output");
  left.htmlFor = text.id;
  left.className = "soft";
  text.after(left);
  const count = () => { left.textContent = `${[...text.value].length} / ${limit}`; };
  text.addEventListener("input", count);
  count();
}
