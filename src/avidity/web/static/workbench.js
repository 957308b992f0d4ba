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

// A button that prints is of use only where scripts run.
const offerPrint = () => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => window.print();
  }
};
document.addEventListener("htmx:after:swap", offerPrint);
offerPrint();
