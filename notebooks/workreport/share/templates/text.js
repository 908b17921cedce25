// One note at a time beside the text, by click or by keyboard; without scripts all notes stand below or beside it.
const beside = document.querySelector(".beside"), marks = [...document.querySelectorAll(".text .n")];
const filters = document.querySelector(".filters"), hint = document.querySelector(".hint");
let now = null;

function show(mark, focus) {
  now?.classList.remove("now");
  document.querySelector(".note.now")?.classList.remove("now");
  now = mark;
  hint.hidden = Boolean(mark);
  if (!mark) return;
  const note = document.getElementById("note-" + mark.id);
  mark.classList.add("now");
  note.classList.add("now");
  history.replaceState(null, "", "#" + mark.id);
  mark.scrollIntoView({ block: matchMedia("(max-width: 60rem)").matches ? "start" : "nearest" });
  document.querySelector(".notes").scrollTop = 0;
  if (focus) note.focus({ preventScroll: true });
}

// The id of any figure of a numeral leads to it.
function chosen() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  return place?.closest(".text .n") ?? document.getElementById(place?.closest(".note")?.id.slice(5) ?? "");
}

function step(direction) {
  const shown = marks.filter((mark) => !mark.classList.contains("off"));
  if (!shown.length) return;
  const at = shown.findIndex((mark) => !now || mark === now || (direction > 0 && mark.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_PRECEDING));
  const next = !now ? 0 : shown[at] === now ? at + direction : at < 0 ? shown.length - 1 : direction > 0 ? at : at - 1;
  const mark = shown[Math.max(0, Math.min(shown.length - 1, next))];
  show(mark);
  mark.focus({ preventScroll: true });
}

beside.classList.add("chosen");
filters.hidden = false;
hint.hidden = false;
for (const mark of marks) mark.addEventListener("click", (event) => { event.preventDefault(); show(mark, true); });
for (const back of document.querySelectorAll(".back a")) back.addEventListener("click", (event) => { event.preventDefault(); now?.focus(); });
filters.addEventListener("change", () => {
  const wanted = new Set([...filters.querySelectorAll(":checked")].map((box) => box.value));
  for (const mark of marks) mark.classList.toggle("off", ![...mark.classList].some((name) => wanted.has(name)));
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) && event.key !== "Escape") return;
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
  if (event.key === "Escape") { const last = now; show(null); last?.focus(); }
});
addEventListener("hashchange", () => { const mark = chosen(); if (mark) show(mark); });
if (location.hash && chosen()) show(chosen());
