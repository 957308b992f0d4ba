// Files dropped anywhere on a page go to its drop zone; what was chosen is said before it is sent.
"use strict";

const zone = document.querySelector("[data-drop]");

const sized = (count) => {
  const [name, worth] = count >= 1e6 ? ["megabytes", 1e6] : count >= 1e3 ? ["kilobytes", 1e3] : ["bytes", 1];
  const digits = worth > 1 ? 1 : 0;
  const number = new Intl.NumberFormat(zone.dataset.mark, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return zone.dataset[name].replace("{}", number.format(count / worth));
};

// A folder that is dropped stands for the files in it, those of folders further in left aside.
const filesOf = async (transfer) => {
  const entries = [...transfer.items].map((one) => one.webkitGetAsEntry && one.webkitGetAsEntry()).filter(Boolean);
  if (!entries.some((one) => one.isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) {
    const inside = entry.isDirectory ? await allOf(entry.createReader()) : [entry];
    for (const one of inside) {
      if (one.isFile && !one.name.startsWith(".")) found.push(await new Promise((give, fail) => one.file(give, fail)));
    }
  }
  return found;
};

const allOf = async (reader) => {
  const found = [];
  for (;;) {
    const some = await new Promise((give, fail) => reader.readEntries(give, fail));
    if (!some.length) return found;
    found.push(...some);
  }
};

if (zone) {
  const field = zone.querySelector("input");
  const list = zone.querySelector("ul");
  const said = zone.querySelector("[role=status]");

  const put = (files) => {
    const kept = new DataTransfer();
    for (const one of files) kept.items.add(one);
    field.files = kept.files;
    tell();
  };

  const line = (file) => {
    const made = document.createElement("li");
    const name = document.createElement("span");
    const size = document.createElement("span");
    const out = document.createElement("button");
    name.textContent = file.name;
    size.textContent = sized(file.size);
    size.className = "hint";
    out.type = "button";
    out.className = "plain";
    out.textContent = zone.dataset.takeOut;
    out.setAttribute("aria-label", `${zone.dataset.takeOut}: ${file.name}`);
    out.onclick = () => {
      put([...field.files].filter((one) => one !== file));
      field.focus();
    };
    made.append(name, size, out);
    return made;
  };

  const tell = () => {
    const files = [...field.files];
    const total = files.reduce((sum, one) => sum + one.size, 0);
    const large = total > Number(zone.dataset.largest);
    const words = files.length === 1 ? zone.dataset.one : zone.dataset.many;
    list.replaceChildren(...files.map(line));
    said.textContent = files.length ? words.replace("{n}", files.length).replace("{size}", sized(total)) : "";
    field.setCustomValidity(large ? zone.dataset.tooLarge.replace("{size}", sized(Number(zone.dataset.largest))) : "");
    if (large) said.textContent += ` ${field.validationMessage}`;
    zone.classList.toggle("filled", files.length > 0);
    zone.classList.toggle("too-large", large);
  };

  // The window is watched, or a file let go beside the zone would take the place of the page.
  let inside = 0;
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const armed = (on) => {
    if (!on) inside = 0;
    zone.classList.toggle("armed", on);
  };
  window.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    inside += 1;
    if (inside === 1) zone.scrollIntoView({ block: "nearest" });
    armed(true);
  });
  window.addEventListener("dragleave", (event) => {
    if (!carries(event)) return;
    inside -= 1;
    if (inside <= 0) armed(false);
  });
  window.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    zone.classList.toggle("over", zone.contains(event.target));
  });
  window.addEventListener("drop", async (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    armed(false);
    zone.classList.remove("over");
    const came = await filesOf(event.dataTransfer);
    const names = new Set(came.map((one) => one.name));
    put([...[...field.files].filter((one) => !names.has(one.name)), ...came]);
    zone.scrollIntoView({ block: "nearest" });
    field.focus();
  });
  field.addEventListener("change", tell);
  field.form.addEventListener("submit", () => {
    said.textContent = zone.dataset.sending;
    zone.classList.add("sending");
  });
  window.addEventListener("pageshow", () => {  // the browser may have kept the files of a page left
    zone.classList.remove("sending");
    tell();
  });
}
