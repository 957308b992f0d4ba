// The pictures of a risk, as risk_picture.py and risk_picture.html.j2 draw them.

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
