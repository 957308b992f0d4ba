"use strict";
// The risk model of this page: reads what is typed, computes, checks itself, draws.
// What avidity computes in Python is computed here again; the test vectors hold both together.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { model } = data;
  const { equation } = model;
  const coefficients = equation[equation.predicts];
  const asked = Object.fromEntries(model.inputs.map((one) => [one.name, one]));
  const YES = ["yes", "y", "true", "1", "oui"];
  const NO = ["no", "n", "false", "0", "non"];
  const NUMBER = /^([+-]?)([0-9]+)(?:[.,]([0-9]+))?$/;

  // --- numbers ---------------------------------------------------------------------------------

  // A typed number in the model's unit, rounded once: whole numbers are divided at the very end.
  const exact = (text, top, bottom) => {
    const found = NUMBER.exec(text.trim().replaceAll("−", "-"));
    if (!found) return null;
    const decimals = found[3] || "";
    const whole = BigInt(found[2] + decimals) * BigInt(top);
    const under = 10n ** BigInt(decimals.length) * BigInt(bottom);
    const size = Number(whole) / Number(under);
    return found[1] === "-" ? -size : size;
  };
  const expit = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
  const logit = (share) => Math.log(share / (1 - share));

  // --- what was typed --------------------------------------------------------------------------

  const guard = (one, typed, unit) => {
    const text = (typed || "").trim();
    if (!text) return { state: "missing" };
    if (one.kind === "yes/no") {
      const word = text.toLowerCase();
      if (!YES.includes(word) && !NO.includes(word)) return { state: "unreadable" };
      return { state: "within", value: YES.includes(word) };
    }
    if (one.kind === "category") {
      const level = one.levels.find((known) => known.toLowerCase() === text.toLowerCase());
      return level === undefined ? { state: "unreadable" } : { state: "within", value: level };
    }
    const units = data.units[one.name];
    const [, top, bottom] = units.find(([name]) => name === unit) || units[0];
    const value = exact(text, top, bottom);
    if (value === null) return { state: "unreadable" };
    const beyond = (ends) => ends && !(ends[0] <= value && value <= ends[1]);
    if (beyond(one.possible)) return { state: "impossible", bounds: one.possible };
    if (!one.seen) return { state: "unguarded", value };
    return beyond(one.seen) ? { state: "outside", bounds: one.seen } : { state: "within", value };
  };

  // --- the equation ----------------------------------------------------------------------------

  const spline = (x, knots) => {
    const last = knots.length - 1;
    const [low, before, high] = [knots[0], knots[last - 1], knots[last]];
    const cube = (knot) => Math.max(x - knot, 0) ** 3;
    const parts = knots.slice(0, last - 1).map((knot) => {
      const bent = cube(knot) - (cube(before) * (high - knot)) / (high - before);
      return (bent + (cube(high) * (before - knot)) / (high - before)) / (high - low) ** 2;
    });
    return [x, ...parts];
  };
  const basis = {
    linear: (term, x) => [x / term.per],
    spline: (term, x) => spline(x, term.knots),
    cut: (term, x) => [(term.sign === ">=" ? x >= term.value : x > term.value) ? 1 : 0],
    "yes/no": (term, x) => [x ? 1 : 0],
    category: (term, x) => term.levels.map((level) => (x === level ? 1 : 0)),
  };
  const row = (values) => [1, ...model.terms.flatMap((term) => basis[term.coding](term, values[term.input]))];
  const dot = (one, other) => one.reduce((sum, value, at) => sum + value * other[at], 0);

  const predict = (values, level) => {
    const columns = row(values);
    const line = dot(columns, coefficients);
    const found = { columns, line, risk: expit(line), low: null, high: null, half: null };
    if (equation.covariance) {
      const variance = dot(columns, equation.covariance.map((one) => dot(one, columns)));
      found.half = data.z[String(level)] * Math.sqrt(Math.max(0, variance));
      found.low = expit(line - found.half);
      found.high = expit(line + found.half);
    }
    return found;
  };
  const finite = (found) => Number.isFinite(found.line) && (found.half === null || Number.isFinite(found.half));
  const common = model.events / model.n;
  const moved = (found, prevalence) => {
    const offset = logit(prevalence) - logit(common);
    const at = (more) => (found.half === null ? null : expit(found.line + offset + more));
    return { offset, risk: expit(found.line + offset), low: at(-found.half), high: at(found.half) };
  };

  // --- the test vectors ------------------------------------------------------------------------

  const agrees = (told, ours, room) =>
    told === null || ours === null ? told === ours : Math.abs(told - ours) <= room;
  const holds = (vector) => {
    const found = predict(vector.inputs, vector.level);
    const room = data.close * Math.max(1, Math.abs(vector.linear_predictor));
    return (
      agrees(vector.linear_predictor, found.line, room) &&
      agrees(vector.risk, found.risk, data.close) &&
      agrees(vector.low, found.low, data.close) &&
      agrees(vector.high, found.high, data.close)
    );
  };
  const sound = model.vectors.length > 0 && model.vectors.every(holds);

  // --- words -----------------------------------------------------------------------------------

  let language = document.documentElement.lang === "fr" ? "fr" : "en";
  const say = (key, values = {}) => {
    const known = data.words[language];
    let name = key;
    if ("n" in values && !(name in known)) {
      const single = language === "fr" ? values.n <= 1 : values.n === 1;
      name = `${key}.${single ? "one" : "many"}`;
    }
    return known[name].replace(/\{(\w+)\}/g, (whole, place) => (place in values ? values[place] : whole));
  };
  const digits = (value, decimals) => {
    const size = String(Math.abs(value));
    const many = size.includes("e") ? 0 : Math.round(Number(`${size}e${decimals}`));
    const text = String(many).padStart(decimals + 1, "0");
    const whole = text.slice(0, text.length - decimals).replace(/\B(?=(\d{3})+$)/g, language === "fr" ? "\u202f" : ",");
    const rest = decimals ? (language === "fr" ? "," : ".") + text.slice(-decimals) : "";
    return (value < 0 && many > 0 ? "−" : "") + whole + rest;
  };
  const perCent = () => (language === "fr" ? "\u00a0%" : "%");
  const bare = (share) => digits(100 * share, 1);
  const percent = (share) => bare(share) + perCent();
  const plain = (value) => {
    const text = String(Number(value.toPrecision(6)));
    return language === "fr" ? text.replace(".", ",") : text;
  };
  const odds = (value) => {
    if (value > 1e6) return language === "fr" ? ">1 000 000" : ">1,000,000";
    if (value < 0.001) return language === "fr" ? "<0,001" : "<0.001";
    return digits(value, Math.max(0, 2 - Math.floor(Math.log10(value))));
  };
  const unitName = (name) => data.words[language][`risk.unit_name.${name}`] || name;
  const termWords = (term, value) => {
    const unit = unitName(asked[term.input].unit);
    if (term.coding === "cut") return `${term.sign === ">=" ? "≥" : ">"} ${plain(term.value)} ${unit}`.trim();
    if (term.coding === "spline") return say("risk.curve");
    if (term.coding === "category") return say("risk.against", { level: value, reference: term.reference });
    if (term.coding === "yes/no") return say("risk.yes_against_no");
    return say("risk.linear", { per: plain(term.per), unit }).trim();
  };
  const guardWords = (looked, one) => {
    if (["missing", "within"].includes(looked.state)) return "";
    if (looked.state === "unreadable" && one.kind !== "number") return say("risk.guard.level");
    const [low, high] = looked.bounds || [0, 0];
    const ends = { low: plain(low), high: plain(high), unit: unitName(one.unit) };
    return say(`risk.guard.${looked.state}`, ends).replace(" )", ")").replace(" .", ".");
  };
  const of100 = (share) => Math.floor(100 * share + 0.5);
  const peopleWords = (found) => {
    const has = of100(found.risk);
    let told = say("risk.people", { n: has });
    if (has === 0 && found.risk > 0) told = say("risk.people_none");
    if (has === 100 && found.risk < 1) told = say("risk.people_all");
    if (found.low === null) return told;
    return `${told} ${say("risk.people_interval", { low: of100(found.low), high: of100(found.high) })}`;
  };
  const alikeWords = (found) => {
    const total = model.n;
    const whole = say("risk.alike_whole", { total, events: model.events, share: percent(common) });
    let same = null;
    let told = say("risk.alike_unknown", { total });
    if (model.patterns.length) {
      same = model.patterns.find((one) => one.values.every((value, at) => value === found.columns[at + 1]));
      told = same ? say("risk.alike_same", { n: same.n, total }) : say("risk.alike_nobody", { total });
    } else if (model.bands.length) {
      const [first, last] = [model.bands[0], model.bands[model.bands.length - 1]];
      if (found.risk < first.low) told = say("risk.alike_lower", { total });
      else if (found.risk > last.high) told = say("risk.alike_higher", { total });
      else {
        same = model.bands.find((one) => found.risk <= one.high);
        told = say("risk.alike_band", { n: same.n, total, low: percent(same.low), high: percent(same.high) });
      }
    }
    if (same && same.n) {
      const had = same.events === null ? say("risk.alike_events_unknown") : say("risk.alike_events", { n: same.events });
      told += ` ${had}`;
    }
    return `${told} ${whole}`;
  };

  // --- the page --------------------------------------------------------------------------------

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

  const drawPeople = (found) => {
    const svg = document.querySelector(".people");
    const [has, low, high] = [of100(found.risk), found.low === null ? 0 : of100(found.low), found.high === null ? 0 : of100(found.high)];
    svg.querySelectorAll(".one").forEach((one, at) => {
      one.setAttribute("class", `one${at < has ? " has" : ""}${low <= at && at < high ? " unsure" : ""}`);
    });
    svg.setAttribute("aria-label", peopleWords(found));
  };
  const place = (share) => (12 + 316 * share).toFixed(2);
  const drawScale = (rows) => {
    const svg = document.querySelector("svg.scale:not(.key)");
    svg.setAttribute("viewBox", `0 0 340 ${26 + 46 * rows.length}`);
    svg.querySelector(".axis").setAttribute("transform", `translate(0 ${46 * rows.length})`);
    svg.querySelectorAll(".axis text").forEach((one, at) => {
      one.textContent = 25 * at + perCent();
    });
    svg.querySelectorAll(".row").forEach((one, at) => {
      const drawn = rows[at];
      one.setAttribute("visibility", drawn ? "visible" : "hidden");
      if (!drawn) return;
      one.querySelector(".name").textContent = drawn.name;
      one.querySelector(".value").textContent = drawn.value;
      one.querySelector(".mark").setAttribute("d", `M${place(drawn.common)} 20v20`);
      one.querySelector(".point").setAttribute("transform", `translate(${place(drawn.found.risk)} 30)`);
      const [low, high] = drawn.found.low === null ? ["", ""] : [place(drawn.found.low), place(drawn.found.high)];
      one.querySelector(".interval").setAttribute("d", low && `M${low} 30H${high}`);
      one.querySelector(".end").setAttribute("d", low && `M${low} 24v12M${high} 24v12`);
    });
    svg.setAttribute("aria-label", [say("risk.scale"), ...rows.map((one) => `${one.name}: ${one.value}.`)].join(" "));
  };
  const rangeWords = (found) => {
    if (found.low === null) return percent(found.risk);
    return `${percent(found.risk)} (${say("risk.range", { low: bare(found.low), high: percent(found.high) })})`;
  };
  const intervalWords = (found) => (found.low === null ? say("risk.no_interval") : say("risk.interval", { low: percent(found.low), high: percent(found.high) }));

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
})();
