// Small help for the pages; every page works without it.
"use strict";

// A run's progress, told by the server until it ends.
for (const place of document.querySelectorAll("[data-progress]")) {
  const source = new EventSource(place.dataset.progress);
  source.addEventListener("progress", (event) => {
    place.innerHTML = event.data;
  });
  source.addEventListener("ended", () => {
    source.close();
    window.location.reload();
  });
}

// After a part of the page was exchanged, the reader stands where the change is.
document.addEventListener("htmx:after:swap", () => {
  const preview = document.getElementById("preview");
  if (preview) preview.focus({ preventScroll: false });
});
document.documentElement.classList.add("script");

// On a narrow screen the stage one stands on is moved into sight.
const stages = document.querySelector(".stages");
const current = stages && stages.querySelector("[aria-current]");
if (current) stages.scrollLeft = current.offsetLeft - (stages.clientWidth - current.offsetWidth) / 2;

// A button that prints is of use only where scripts run.
const offerPrint = () => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => window.print();
  }
};
document.addEventListener("htmx:after:swap", offerPrint);
offerPrint();

// A line of a finding, shown in the text of the file; a field of one, even in a folded part.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.getAttribute("href").slice(1));
  for (let part = field; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  const line = Number(link.dataset.line);
  if (field && line) {
    event.preventDefault();
    const before = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = field.value.indexOf("\n", before);
    field.focus();
    field.setSelectionRange(before, end < 0 ? field.value.length : end);
    field.scrollTop = Math.max(0, (field.scrollHeight / field.value.split("\n").length) * (line - 4));
    field.scrollIntoView({ block: "nearest" });
  } else if (field) field.focus();
});

// How many changes were made on this page: what a form sent earlier and arrives later is known by it.
document.addEventListener("input", () => {
  for (const count of document.querySelectorAll("input[name=nth]")) count.value = Number(count.value) + 1;
});

// While a text is changed and not kept, the form of the same things waits, and leaving asks first.
let unkept = false;
document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[data-unkept]")) return;
  unkept = true;
  const [form, said] = ["typing", "unkept"].map((id) => document.getElementById(id));
  if (form) form.inert = true;
  if (form && said) said.textContent = said.dataset.said;
});
document.addEventListener("submit", (event) => {
  if (event.target.querySelector("textarea[data-unkept]")) unkept = false;
});
window.addEventListener("beforeunload", (event) => {
  if (unkept) event.preventDefault();
});

// The first changed line of study.toml stands in sight, without moving the page.
document.addEventListener("htmx:after:swap", () => {
  const file = document.querySelector("pre.file");
  const changed = file && file.querySelector("ins, del");
  if (changed) file.scrollTop = changed.offsetTop - file.offsetTop - file.clientHeight / 3;
});
