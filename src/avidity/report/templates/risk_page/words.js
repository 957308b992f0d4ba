// What is said of a risk, in the words of risk_speech.py.

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
  if (term.per === 1 && unit) return say("risk.linear_one", { unit: data.words[language][`risk.unit_one.${asked[term.input].unit}`] || unit });
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
