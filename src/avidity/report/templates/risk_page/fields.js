// The form: one field for each input.

const by = (id) => document.getElementById(id);
const put = (id, text) => {
  by(id).textContent = text;
  by(id).hidden = !text;
};
const make = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const numberField = (one, hint) => {
  const units = data.units[one.name];
  const field = make("input", { id: `x-${one.name}`, name: one.name, inputmode: "decimal", maxlength: "14", "aria-describedby": `guard-${one.name} ${hint.id}` });
  const beside = units.length > 1 ? make("select", { name: `unit-${one.name}`, id: `unit-${one.name}` }, ...units.map(([name]) => make("option", { value: name, "data-unit": name }))) : make("span", { "data-unit": one.unit });
  return make("div", { class: "with-unit" }, field, beside);
};
const label = (one) => make("label", { for: `x-${one.name}`, lang: "en" }, one.label);
const field = (one) => {
  const hint = make("p", { class: "hint", id: `hint-${one.name}` });
  const guarded = make("p", { class: "guard refused", id: `guard-${one.name}` });
  if (one.kind === "yes/no") {
    const answers = ["no", "yes"].map((answer) => make("label", {}, make("input", { type: "radio", name: one.name, value: answer }), make("span", { "data-say": `risk.${answer}` })));
    const legend = make("legend", { lang: "en" }, one.label);
    return make("fieldset", { "aria-describedby": `guard-${one.name} hint-${one.name}` }, legend, make("div", { class: "choices" }, ...answers), hint, guarded);
  }
  if (one.kind === "category") {
    const levels = one.levels.map((level) => make("option", { value: level, lang: "en" }, level));
    const select = make("select", { id: `x-${one.name}`, name: one.name, "aria-describedby": `guard-${one.name} hint-${one.name}` }, make("option", { value: "", "data-say": "risk.choose" }), ...levels);
    return make("div", {}, label(one), select, hint, guarded);
  }
  return make("div", {}, label(one), numberField(one, hint), hint, guarded);
};
const prevalenceField = () => {
  const input = make("input", { id: "prevalence", name: "prevalence", inputmode: "decimal", maxlength: "14", "aria-describedby": "guard-prevalence hint-prevalence" });
  return make("div", {}, make("label", { for: "prevalence", "data-say": "risk.prevalence" }), make("div", { class: "with-unit" }, input, make("span", { "data-say": "risk.prevalence_unit" })), make("p", { class: "hint", id: "hint-prevalence" }), make("p", { class: "guard refused", id: "guard-prevalence" }));
};
