// The page opens, speaks a language, and answers who checks it.

const speak = (wanted) => {
  language = wanted;
  document.documentElement.lang = wanted;
  for (const one of document.querySelectorAll("[data-say]")) {
    const key = one.dataset.say;
    one.textContent = say(key.includes(".") ? key : `risk.${key}`);
  }
  for (const one of document.querySelectorAll("[data-unit]")) one.textContent = unitName(one.dataset.unit);
  for (const one of document.querySelectorAll("[data-language]")) one.setAttribute("aria-pressed", String(one.dataset.language === wanted));
  document.querySelector(".languages").setAttribute("aria-label", say("page.language"));
  for (const one of model.inputs) hintOf(one);
  by("hint-prevalence").textContent = say("risk.prevalence_hint", { share: percent(common) });
  by("version").textContent = say("risk.version", { version: model.version, status: say(`risk.status.${model.status}`) });
  by("patients").textContent = say("risk.of_patients", { n: model.n, events: model.events });
  by("checked").textContent = say("page.checked", { n: model.vectors.length });
  update();
};
const hintOf = (one) => {
  let told = "";
  if (one.kind === "number") {
    const ends = one.seen && { low: plain(one.seen[0]), high: plain(one.seen[1]), unit: unitName(one.unit) };
    told = ends ? say("risk.seen", ends).trim() : say("risk.seen_unknown");
    const unit = by(`unit-${one.name}`);
    if (unit) unit.setAttribute("aria-label", say("risk.unit", { label: one.label }));
  }
  const parts = [told, one.meaning].filter(Boolean);
  by(`hint-${one.name}`).textContent = parts.join(" · ");
  by(`hint-${one.name}`).hidden = !parts.length;
};

const open = () => {
  by("fields").append(...model.inputs.map(field), prevalenceField());
  by("form").addEventListener("input", update);
  by("form").addEventListener("submit", (event) => event.preventDefault());
  by("form").addEventListener("reset", () => window.setTimeout(update));
  by("print").addEventListener("click", () => window.print());
  by("works").hidden = false;
};
for (const one of document.querySelectorAll("[data-language]")) {
  one.addEventListener("click", () => (sound ? speak(one.dataset.language) : refuse(one.dataset.language)));
}
const refuse = (wanted) => {
  language = wanted;
  put("wrong", say("page.wrong"));
};
// For who checks this page: the answer to typed words, or null where the model does not answer.
window.avidity = {
  sound,
  answer: (given, prevalence = null) => {
    if (!sound) return null;
    const values = {};
    for (const one of model.inputs) {
      const [text, unit] = given[one.name] || ["", ""];
      const looked = guard(one, text, unit);
      if (looked.value === undefined || looked.state === "outside" || looked.state === "impossible") return null;
      values[one.name] = looked.value;
    }
    const found = predict(values, data.level);
    if (!finite(found)) return null;
    return { line: found.line, risk: found.risk, low: found.low, high: found.high, local: prevalence === null ? null : moved(found, prevalence) };
  },
};
if (sound) {
  open();
  speak(language);
} else refuse(language);
