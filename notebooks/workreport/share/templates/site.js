// A button that copies a caption or how to cite; from disk a page may have no clipboard, then the text is only selected.
for (const text of document.querySelectorAll(".copied")) {
  const { copy, copied } = document.body.dataset, button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: copy });
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      if (!document.execCommand("copy")) return;
    }
    button.textContent = copied;
    setTimeout(() => { button.textContent = copy; }, 2000);
  });
  text.after(button);
}
// Search and sort. Every row is in the page already, so that it reads without scripts too.
for (const table of document.querySelectorAll("table.lookup")) {
  const words = JSON.parse(table.dataset.words), body = table.tBodies[0], rows = [...body.rows];
  const texts = rows.map((row) => `${row.textContent} ${row.dataset.names ?? ""}`.toLowerCase());
  const box = document.createElement("p"), label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "search" }), said = document.createElement("span");
  box.className = "search";
  said.setAttribute("role", "status");
  label.append(words.search, " ", input);
  box.append(label, " ", said);
  table.parentElement.before(box);
  const show = () => {
    const wanted = input.value.toLowerCase().split(/\s+/);
    let n = 0;
    rows.forEach((row, i) => {
      row.hidden = !wanted.every((word) => texts[i].includes(word));
      n += !row.hidden;
    });
    said.textContent = n ? words.rows.replace("{n}", n) : words.none;
  };
  input.addEventListener("input", show);
  show();
  const heads = [...table.tHead.rows[0].cells];
  for (const row of rows) for (const [n, cell] of [...row.cells].entries()) cell.dataset.head = heads[n].textContent;
  heads.forEach((head, column) => {
    const button = Object.assign(document.createElement("button"), { type: "button", title: words.sort });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.order ?? row.cells[column].textContent;
      const by = (a, b) => key(a) - key(b) || key(a).localeCompare(key(b), document.documentElement.lang, { numeric: true });
      body.append(...[...rows].sort((a, b) => turn * by(a, b)));
    });
  });
}
// A row that is linked to: scroll there once the table is set up.
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
