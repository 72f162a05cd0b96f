// Hides the questions that the chosen category, or another answer, leaves out. The server decides by the same rules:
// without this script every question is shown, with a line that says for whom it is.
const form = document.querySelector(".question")?.closest("form");

const answersTo = (name) =>
  [...form.elements]
    .filter((field) => field.name === name && !field.closest("[hidden]"))
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value);

function isAsked(question) {
  const wanted = question.dataset.categories.split(" ").filter(Boolean);
  // A form without categories is that of somebody whose category is known, and asks what it asks.
  const chosen = form.dataset.category ? [form.dataset.category] : answersTo("category");
  if (wanted.length && !wanted.some((one) => chosen.includes(one))) return false;
  return !question.dataset.on || answersTo(question.dataset.on).includes(question.dataset.value);
}

function show() {
  // Once for each question is enough for the longest chain of them.
  const questions = [...form.querySelectorAll(".question")];
  questions.forEach(() => questions.forEach((one) => (one.hidden = !isAsked(one))));
}

if (form) {
  form.querySelectorAll(".question .only").forEach((hint) => (hint.hidden = true));
  form.addEventListener("change", show);
  show();
}
