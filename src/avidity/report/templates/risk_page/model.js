// What this page was given: the model, its units, its words. Numbers, and what was typed.

const data = JSON.parse(document.getElementById("data").textContent);
const { model } = data;
const { equation } = model;
const coefficients = equation[equation.predicts];
const asked = Object.fromEntries(model.inputs.map((one) => [one.name, one]));
const YES = ["yes", "y", "true", "1", "oui"];
const NO = ["no", "n", "false", "0", "non"];
const NUMBER = /^([+-]?)([0-9]+)(?:[.,]([0-9]+))?$/;

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
