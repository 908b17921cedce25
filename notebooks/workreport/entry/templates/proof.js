"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const kept = "marks:" + data.name + ":" + data.sha256;
const items = data.items, byKey = new Map(items.map((item) => [item.key, item]));
const content = (item) => JSON.stringify([item.role, item.rows.map((row) => row.cells)]);
const before = new Map(items.map((item) => [item.key, content(item)])), made = new Map(items.map((item) => [item.key, structuredClone(item.rows)]));
let now = 0, asked = null;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// What was marked and not yet saved survives a closed page; a mark of another state of the tables does not.
function restore() {
  let found = 0;
  try {
    for (const [key, mark] of Object.entries(JSON.parse(localStorage.getItem(kept) || "{}"))) {
      const item = byKey.get(key);
      if (!item || item.seen !== mark.seen) continue;
      found += item.state !== mark.state || content(item) !== content(mark);
      Object.assign(item, { state: mark.state, role: mark.role, rows: mark.rows });
    }
  } catch { /* a browser without storage keeps the marks until the page is closed */ }
  if (found) unsaved();
}

function classes(item) {
  const table = item.rows[0]?.table, none = ["figure", "threshold"].includes(item.role) && !table && !usedElsewhere(item);
  return ["n", table || "plain", none ? "none" : "", item.unsure === 2 ? "unsure" : "", item.state, shown(item) ? "" : "off", item === items[now] ? "now" : ""].filter(Boolean).join(" ");
}

// A numeral that says how many are ranked has no row of its own.
function usedElsewhere(item) {
  return items.some((other) => other.sentence === item.sentence && other.rows.some((row) => row.cells.out_of === item.token));
}

function shown(item) {
  const filter = $("filter").value, table = $("table").value;
  const wanted = { "": true, open: item.state !== "accepted", unsure: item.unsure > 0 && item.state !== "accepted", wrong: item.state === "wrong", none: ["figure", "threshold"].includes(item.role) && !item.rows.length };
  return wanted[filter] && (!table || item.rows.some((row) => row.table === table));
}

// Sections may begin inside a line: each has its heading, and its lines below it.
function drawText() {
  const root = $("text"), covered = new Set(data.sections.map((section) => section.id));
  let next = 0;
  data.all.forEach((section, n) => {
    const stop = data.all[n + 1]?.start ?? data.text.length;
    root.append(element("h2", { textContent: section.id + " " + section.name_zh }));
    let at = section.start;
    for (const line of data.text.slice(section.start, stop).split("\n")) {
      const paragraph = element("p", { className: covered.has(section.id) ? "" : "outside" }), end = at + line.length;
      let here = at;
      for (; next < items.length && items[next].at < end; next++) {
        const item = items[next];
        if (item.at < here) continue;
        item.button = element("button", { type: "button", textContent: data.text.slice(item.at, item.end), onclick: () => go(items.indexOf(item)) });
        item.button.setAttribute("aria-label", item.token + ", " + (item.rows.map((row) => row.table).join(", ") || item.role));
        paragraph.append(data.text.slice(here, item.at), item.button);
        here = item.end;
      }
      paragraph.append(data.text.slice(here, end));
      if (line.trim()) root.append(paragraph);
      at = end + 1;
    }
  });
}

// Why a cell is as it is: the rule and how sure it is, or that a person changed it, and from what.
function reason(item, row, column) {
  const old = made.get(item.key).find((other) => other.id === row.id)?.cells[column] ?? "", value = row.cells[column] ?? "";
  const hand = value !== old ? "by hand, was " + (old || "empty") : value ? "by hand" : "";
  const [rule, sure] = row.why[column] || [hand, "sure"];
  return element("dd", { className: "rule " + sure, textContent: [data.choices[column]?.[value], rule, sure === "sure" ? "" : sure].filter(Boolean).join(" · ") });
}

function field(item, row, column) {
  const value = row.cells[column] ?? "", choices = data.enums[row.table + "." + column];
  const control = choices
    ? element("select", {}, ...["", ...(value && !choices.includes(value) ? [value] : []), ...choices].map((choice) => element("option", { value: choice, textContent: choice })))
    : element("input", { type: "text", autocomplete: "off" });
  if (!choices && data.choices[column]) control.setAttribute("list", "list-" + column);
  control.value = value;
  control.setAttribute("aria-label", row.id + " " + column);
  let said = reason(item, row, column);
  const box = [element("dt", { textContent: column }), element("dd", {}, control), said];
  control.onchange = () => {  // the card stays, so that the next Tab goes to the next cell
    row.cells[column] = control.value.trim();
    delete row.why[column];
    said.replaceWith(said = reason(item, row, column));
    changed(item);
    colour();
  };
  return box;
}

function changed(item) {
  item.state = "";
  keep();
}

function ruled(why) {
  return element("small", { className: "rule", textContent: why ? why[0] + (why[1] === "sure" ? "" : " · " + why[1]) : "by hand" });
}

function choice(label, options, act) {
  const made = element("select", {}, ...options);
  made.setAttribute("aria-label", label);
  made.onchange = () => act(made.value);
  return made;
}

function card(item) {
  const roles = item.role === "claim" ? ["claim"] : [...new Set([item.role, ...data.roles])];
  const role = choice("role of " + item.token, roles.map((name) => element("option", { textContent: name })), (value) => {
    item.role = value;
    item.why = ["by hand", "sure"];
    if (!["figure", "threshold"].includes(value)) item.rows = [];
    changed(item);
    draw();
  });
  const box = element("article", {}, element("h2", {}, element("span", { textContent: item.token }), role, ruled(item.why)));
  for (const row of item.rows) {
    const list = element("dl");
    for (const column of data.columns[row.table]) {
      const sure = (row.why[column]?.[1] ?? "sure") === "sure";
      if (row.cells[column] || !sure || item === items[now]) list.append(...field(item, row, column));
    }
    const remove = element("button", { type: "button", textContent: "remove 删除", onclick: () => { item.rows = item.rows.filter((other) => other !== row); changed(item); draw(); } });
    box.append(element("h3", {}, element("span", { textContent: row.table + " " + row.id }), ruled(row.why.table)), list, remove);
  }
  const tables = Object.keys(data.columns).filter((name) => (name === "claims") === (item.role === "claim"));
  const add = choice("add a row for " + item.token, [element("option", { value: "", textContent: "add a row 加一行" }), ...tables.map((name) => element("option", { textContent: name }))], (table) => {
    item.rows.push({ id: "new", table, why: {}, cells: item.rows[0] ? { ...item.rows[0].cells } : { value: item.token, area: data.name.replace(/-\d+$/, "") } });
    changed(item);
    draw();
  });
  box.append(element("p", { className: "buttons" },
    element("button", { type: "button", textContent: "accept 接受 (a)", onclick: () => accept(item) }),
    element("button", { type: "button", textContent: "wrong 有误 (x)", onclick: () => mark(item, "wrong") }),
    add));
  box.onclick = (event) => { if (event.target === box || event.target.tagName === "H2") go(items.indexOf(item)); };
  item.box = box;
  return box;
}

function colour() {
  for (const item of items) {
    if (item.button) item.button.className = classes(item);
    if (item.box) item.box.className = [item.state, item === items[now] ? "now" : ""].join(" ").trim();
  }
  const done = items.filter((item) => item.state === "accepted").length;
  $("bar").max = items.length || 1;
  $("bar").value = done;
  $("count").textContent = `${done} of ${items.length} · 已接受 ${done}，共 ${items.length}`;
}

function draw() {
  const here = items[now], focused = document.activeElement?.getAttribute("aria-label");
  for (const item of items) item.box = null;
  $("rows").replaceChildren(...(here ? items.filter((item) => item.sentence === here.sentence).map(card) : []));
  colour();
  if (focused) [...$("rows").querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
}

function go(index) {
  if (index < 0 || index >= items.length) return;
  now = index;
  asked = null;
  draw();
  items[now].button?.scrollIntoView({ block: "center" });
  items[now].box?.scrollIntoView({ block: "nearest" });
}

// Forward to the next one that is open, back to any.
function step(direction) {
  for (let at = now + direction; at >= 0 && at < items.length; at += direction) {
    if (shown(items[at]) && (direction < 0 || items[at].state !== "accepted")) return go(at);
  }
}

function mark(item, state) {
  item.state = state;
  keep();
  colour();
  if (item === items[now]) step(1);
}

// An open cell is named once; a second time accepts it as it is, such as a name that gets its id later.
function accept(item) {
  const open = item.rows.flatMap((row) => Object.entries(row.why).filter(([column, why]) => why[1] === "open" && column !== "table").map(([column]) => row.id + " " + column));
  if (open.length && asked !== item) {
    asked = item;
    $("saved").textContent = `open: ${open.join(", ")}; once more accepts 尚有未定项，再按一次即接受`;
    return;
  }
  asked = null;
  mark(item, "accepted");
}

function marks() {
  const found = {};
  for (const item of items) {
    if (item.state || content(item) !== before.get(item.key)) found[item.key] = { state: item.state, seen: item.seen, role: item.role, rows: item.rows.map(({ id, table, cells, why }) => ({ id, table, cells, why })) };
  }
  return found;
}

function keep() {
  try { localStorage.setItem(kept, JSON.stringify(marks())); } catch { /* kept in the page alone */ }
  unsaved();
}

function unsaved() {
  $("saved").textContent = "not saved 未保存";
  window.onbeforeunload = () => true;
}

function save() {
  const text = JSON.stringify({ sha256: data.sha256, items: { ...data.aside, ...marks() } });
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: "marks.json" });
  link.click();
  URL.revokeObjectURL(link.href);
  window.onbeforeunload = null;
  $("saved").textContent = `saved: move marks.json into drafts/${data.name}/ 已保存，请放入该文件夹`;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { document.activeElement.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement.tagName)) return;
  const act = {
    j: () => step(1), k: () => step(-1), a: () => items[now] && accept(items[now]), x: () => items[now] && mark(items[now], "wrong"), s: save,
    e: () => (document.querySelector("article.now dd :is(input, select)") ?? document.querySelector("article.now select"))?.focus(),
    A: () => { const here = items[now]?.sentence; for (const item of items) if (item.sentence === here && !item.unsure) item.state = "accepted"; keep(); colour(); if (items[now]?.state === "accepted") step(1); },
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
for (const id of ["filter", "table"]) $(id).onchange = () => { colour(); if (items[now] && !shown(items[now])) go(Math.max(0, items.findIndex(shown))); };
$("save").onclick = save;
for (const [column, choices] of Object.entries(data.choices)) {
  document.body.append(element("datalist", { id: "list-" + column }, ...Object.entries(choices).map(([value, label]) => element("option", { value, label }))));
}
restore();
drawText();
go(Math.max(0, items.findIndex((item) => item.state !== "accepted")));
