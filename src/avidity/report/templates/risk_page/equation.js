// The equation, its interval, another prevalence, and the test vectors that prove them.

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
