// The list of contents says where the reader is; the page works without it.
"use strict";
const entries = new Map();
for (const link of document.querySelectorAll(".contents > ol > li > a")) {
  const title = document.getElementById(link.getAttribute("href").slice(1));
  const section = title && title.closest("section");
  if (section) entries.set(section, link);
}
const inSight = new Set();
const watch = new IntersectionObserver(
  (seen) => {
    for (const one of seen) inSight[one.isIntersecting ? "add" : "delete"](one.target);
    let here = null;
    for (const [section, link] of entries) {
      link.removeAttribute("aria-current");
      if (!here && inSight.has(section)) here = link;
    }
    if (here) here.setAttribute("aria-current", "true");
  },
  { rootMargin: "-10% 0px -60% 0px" },
);
for (const section of entries.keys()) watch.observe(section);
