// The list. Its rows are created in chunks, and only when a chunk comes close to the window.

const CHUNK = 40;
const ROW_HEIGHT = 36; // of a folded row, in pixels
const FEW = 30; // so many results of a search are unfolded
let rows = [];
let found = [];

const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) fill(entry.target);
}, { rootMargin: "1200px" });

function showList() {
  ({ rows, found } = visibleRows());
  observer.disconnect();
  byId("list").replaceChildren(...chunks());
  const total = changes.length.toLocaleString("en");
  const some = found.length === changes.length ? "" : `${found.length.toLocaleString("en")} of `;
  byId("count").textContent = `${some}${total} objects`;
  if (!found.length) byId("list").append(element("p", "faint", emptyText()));
}

const emptyText = () => changes.length ? "No change matches. Esc removes all filters." : "No object differs.";

function chunks() {
  const made = [];
  for (let first = 0; first < rows.length; first += CHUNK) made.push(chunk(first));
  return made;
}

function chunk(first) {
  const made = element("div", "chunk");
  made.dataset.first = first;
  made.style.minHeight = `${Math.min(CHUNK, rows.length - first) * ROW_HEIGHT}px`;
  observer.observe(made);
  return made;
}

function fill(target) {
  if (target.hasChildNodes()) return;
  const first = Number(target.dataset.first);
  target.append(...rows.slice(first, first + CHUNK).map(rowElement));
  target.style.minHeight = "";
  observer.unobserve(target);
}

function isOpen(row) {
  return state.open.get(row.number) ?? state.unfoldAll ?? opensAtFirst(row);
}

// Few results of a search are unfolded; without a search, the first dangerous changes of fields are.
function opensAtFirst(row) {
  if (state.terms.length) return found.length <= FEW;
  const isCompared = ["changed", "renamed"].includes(row.change.kind);
  return isCompared && hasDanger(row.change) && row.number < FEW;
}

// Folding

function flip(key) {
  const row = rows.find((one) => one.key === key);
  if (row.type === "change") flipChange(row);
  else flipHeading(row);
}

function flipChange(row) {
  state.open.set(row.number, !isOpen(row));
  const made = rowElement(row);
  byId(`change-${row.number}`).replaceWith(made);
  made.querySelector(".toggle").focus({ preventScroll: true });
}

function flipHeading(row) {
  if (!state.folded.delete(row.key)) state.folded.add(row.key);
  showList();
  focusRow(rows.findIndex((one) => one.key === row.key));
}

// Folds all headings and changes, or unfolds them.
function foldAll(folded) {
  state.unfoldAll = !folded;
  state.open.clear();
  state.folded.clear();
  if (folded) for (const { key, type } of visibleRows().rows) if (type === "component") state.folded.add(key);
  showList();
}

// Moving

function focusRow(index) {
  if (!rows[index]) return;
  const target = byId("list").children[Math.floor(index / CHUNK)];
  fill(target);
  const button = target.children[index % CHUNK].querySelector(".toggle");
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block: "nearest" });
}

function focusedIndex() {
  const key = document.activeElement?.closest(".row")?.dataset.key;
  return rows.findIndex((row) => row.key === key);
}

function move(step, wanted = () => true) {
  const start = focusedIndex();
  let index = start < 0 && step < 0 ? rows.length - 1 : start + step;
  while (rows[index] && !wanted(rows[index])) index += step;
  focusRow(index);
}

// Shows a change whatever the filters are.
function reveal(number) {
  const change = changes[number];
  if (!change) return;
  if (!matches(change)) clearFilters();
  state.folded.delete(`group ${change.group}`);
  state.folded.delete(`component ${change.group} ${change.component}`);
  state.open.set(number, true);
  showList();
  focusRow(rows.findIndex((row) => row.number === number));
  document.activeElement.scrollIntoView({ block: "center" });
}
