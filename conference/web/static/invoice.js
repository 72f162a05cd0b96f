// Shows whom the invoice goes to only once something chosen costs something. The server decides by the same rule:
// without this script the fields are always there, with a line that says when they are needed.
const invoice = document.querySelector("#invoice");
const form = invoice?.closest("form");

const show = () => {
  const costs = form.querySelector("[data-costs]:checked");
  invoice.hidden = !costs && !invoice.querySelector(".wrong");
};

if (form) {
  form.addEventListener("change", show);
  show();
}
