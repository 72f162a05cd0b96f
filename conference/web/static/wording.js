// The frame of a preview is filled by a form, because what was typed is stored nowhere. Without this its button does it.
const form = document.getElementById("html-form");

if (form) {
  form.hidden = true;
  form.submit();
}
