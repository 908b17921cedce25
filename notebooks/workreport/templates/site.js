// Every figure is in the page already; this makes the tables searchable and sortable.
for (const table of document.querySelectorAll("table.lookup")) {
  const words = JSON.parse(table.dataset.words);
  new DataTable(table, { paging: false, info: true, order: [], autoWidth: false, language: words });
}
// A row that is linked to: scroll there after the table has been set up.
if (location.hash) document.querySelector(location.hash)?.scrollIntoView({ block: "center" });
