// The answer to what is typed, or why there is none.

const line = (name, value, hint = "") => {
  const head = make("th", { scope: "row" });
  head.append(make("span", { lang: hint ? "en" : language }, name), " ", make("span", { class: "hint" }, hint));
  const cells = value === null ? [make("td"), make("td")] : [make("td", {}, digits(value, 3)), make("td", {}, hint ? odds(Math.exp(value)) : "")];
  return make("tr", {}, head, ...cells);
};
const showTerms = (values, found) => {
  const rows = [line(say("risk.intercept"), coefficients[0])];
  let at = 1;
  for (const term of model.terms) {
    const parts = basis[term.coding](term, values[term.input]);
    const added = parts.reduce((sum, value, step) => sum + value * coefficients[at + step], 0);
    rows.push(line(asked[term.input].label, added, termWords(term, values[term.input])));
    at += parts.length;
  }
  by("terms").replaceChildren(...rows);
  by("sum").textContent = digits(found.line, 3);
};
const showNotes = (looked) => {
  const open = model.inputs.filter((one) => looked[one.name].state === "unguarded");
  const items = open.map((one) => make("li", {}, make("span", { lang: "en" }, one.label), `: ${say("risk.guard.unguarded")}`));
  by("notes").replaceChildren(...items, ...model.notes.map((note) => make("li", { lang: "en" }, note)));
};

const showAnswer = (values, looked, prevalence) => {
  const found = predict(values, data.level);
  const local = prevalence === null ? null : moved(found, prevalence);
  const source = say("risk.as_source", { share: percent(common) });
  const there = local && say("risk.as_local", { share: percent(prevalence) });
  const outcome = data.words[language][`risk.outcome.${model.outcome.label}`] || model.outcome.label;
  put("outcome", `${say("risk.risk", { outcome })} · ${say("risk.label")}`);
  put("number", percent(found.risk));
  put("range", intervalWords(found));
  put("source-words", source);
  by("local").hidden = !local;
  put("local-number", local ? percent(local.risk) : "");
  put("local-range", local ? intervalWords(local) : "");
  put("local-words", there || "");
  put("local-about", local ? say("risk.local_about", { offset: digits(local.offset, 3), share: percent(prevalence), source: percent(common) }) : "");
  drawPeople(local || found);
  put("people", peopleWords(local || found) + (local ? ` ${there}` : ""));
  const rows = [{ name: say("risk.scale_source", { share: percent(common) }), value: rangeWords(found), found, common }];
  if (local) rows.push({ name: say("risk.scale_local", { share: percent(prevalence) }), value: rangeWords(local), found: local, common: prevalence });
  drawScale(rows);
  showTerms(values, found);
  put("how", [equation.predicts === "shrunken" ? say("risk.shrunken") : "", equation.covariance ? say("risk.how") : ""].join(" ").trim());
  put("alike", alikeWords(found));
  showNotes(looked);
};

const typed = () => {
  const form = by("form");
  return Object.fromEntries(
    model.inputs.map((one) => [one.name, { text: form.elements[one.name].value, unit: form.elements[`unit-${one.name}`]?.value }]),
  );
};
const declared = () => {
  const text = by("prevalence").value.trim().replace(/%$/, "").trim();
  if (!text) return { share: null, wrong: false };
  const number = exact(text, "1", "1");
  const wrong = number === null || !(number > 0 && number < 100);
  return { share: wrong ? null : number / 100, wrong };
};
const names = (wanted) => model.inputs.filter(wanted).map((one) => one.label).join(", ");

const update = () => {
  const given = typed();
  const looked = Object.fromEntries(model.inputs.map((one) => [one.name, guard(one, given[one.name].text, given[one.name].unit)]));
  const refused = (one) => ["unreadable", "impossible", "outside"].includes(looked[one.name].state);
  const missing = (one) => looked[one.name].state === "missing";
  for (const one of model.inputs) {
    by(`guard-${one.name}`).textContent = refused(one) ? guardWords(looked[one.name], one) : "";
    const place = by(`x-${one.name}`);
    if (place) place.setAttribute("aria-invalid", String(refused(one)));
  }
  const { share, wrong } = declared();
  by("guard-prevalence").textContent = wrong ? say("risk.prevalence_wrong") : "";
  let stopped = model.inputs.some((one) => refused(one) || missing(one));
  let told = "";
  const values = Object.fromEntries(model.inputs.map((one) => [one.name, looked[one.name].value]));
  if (!stopped && !finite(predict(values, data.level))) {
    stopped = true;
    told = say("risk.infinite");
  } else if (model.inputs.some(refused)) told = say("risk.refused", { names: names(refused) });
  else if (stopped) told = `${say("risk.waiting", { names: names(missing) })} ${say("risk.waiting_about")}`;
  by("shown").hidden = stopped;
  put("waiting", told);
  by("told").replaceChildren(
    ...model.inputs.filter((one) => !missing(one)).map((one) => make("div", {}, make("dt", { lang: "en" }, one.label), make("dd", {}, shownValue(one, given[one.name])))),
  );
  if (!stopped) showAnswer(values, looked, share);
};
const shownValue = (one, given) => {
  if (one.kind === "yes/no") return say(`risk.${given.text}`);
  return one.kind === "number" ? `${given.text} ${unitName(given.unit || one.unit)}`.trim() : given.text;
};
