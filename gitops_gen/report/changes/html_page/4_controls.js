// The filters, the keys and the theme.

const THEMES = ["system", "light", "dark"];

function addFilters() {
  data.environments.forEach((name, number) => byId("environment").append(new Option(name, number)));
  const counts = new Map();
  for (const change of changes) {
    for (const one of new Set(classesOf(change))) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  const known = [...data.classes, { id: "", title: "No effect of a known class" }];
  for (const one of known) if (counts.has(one.id)) byId("classes").append(classButton(one, counts.get(one.id)));
}

function classButton({ id, title }, count) {
  const made = element("button", "", `${id || "no effect"} ${count.toLocaleString("en")}`);
  made.type = "button";
  made.title = title;
  made.dataset.class = id;
  made.setAttribute("aria-pressed", "false");
  made.addEventListener("click", () => flipClass(id));
  return made;
}

function flipClass(id) {
  if (!state.classes.delete(id)) state.classes.add(id);
  showFilters();
  showList();
}

function showFilters() {
  for (const button of byId("classes").children) {
    button.setAttribute("aria-pressed", state.classes.has(button.dataset.class));
  }
  byId("environment").value = state.environment;
}

function clearFilters() {
  state.terms = [];
  state.environment = "";
  state.classes.clear();
  byId("search").value = "";
  showFilters();
}

function search() {
  state.terms = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  state.open.clear();
  state.unfoldAll = null;
  showList();
}

function flipView() {
  const side = byId("list").classList.toggle("side");
  byId("view").setAttribute("aria-pressed", side);
}

function nextTheme() {
  const root = document.documentElement;
  const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "system") + 1) % THEMES.length];
  root.dataset.theme = next;
  byId("theme").textContent = `Theme: ${next}`;
}

// Keys

function leave() {
  clearFilters();
  showList();
  document.activeElement.blur();
}

const isDangerRow = (row) => row.type === "change" && hasDanger(row.change);
const KEYS = {
  "/": () => byId("search").select(),
  "?": () => byId("keys").showModal(),
  Escape: leave,
  j: () => move(1),
  k: () => move(-1),
  n: () => move(1, isDangerRow),
  p: () => move(-1, isDangerRow),
  o: () => foldAll(false),
  c: () => foldAll(true),
  s: flipView,
  t: nextTheme,
  g: () => scrollTo({ top: 0 }),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
  const typing = event.target.matches("input, select");
  const action = KEYS[event.key];
  if (!action || (typing && event.key !== "Escape")) return;
  event.preventDefault();
  action();
}

// A link of the verdict names a change or a class. A second click on it works, too.
function clickedLink(event) {
  const link = event.target.closest("a");
  if (!/^#(change|class)-/.test(link?.hash ?? "")) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
  followLink();
}

function followLink() {
  const [, type, value] = /^#(change|class)-(.*)$/.exec(location.hash) ?? [];
  if (type === "change") reveal(Number(value));
  if (type === "class") {
    clearFilters();
    flipClass(value);
    byId("tools").scrollIntoView();
  }
}

function listen() {
  byId("search").addEventListener("input", search);
  byId("environment").addEventListener("change", ({ target }) => { state.environment = target.value; showList(); });
  byId("view").addEventListener("click", flipView);
  byId("unfold").addEventListener("click", () => foldAll(false));
  byId("fold").addEventListener("click", () => foldAll(true));
  byId("theme").addEventListener("click", nextTheme);
  byId("help").addEventListener("click", () => byId("keys").showModal());
  byId("list").addEventListener("click", ({ target }) => {
    const key = target.closest(".toggle")?.closest(".row").dataset.key;
    if (key) flip(key);
  });
  document.addEventListener("keydown", pressed);
  document.querySelector(".verdict").addEventListener("click", clickedLink);
  addEventListener("hashchange", followLink);
}

addFilters();
listen();
byId("tools").hidden = changes.length === 0;
showList();
followLink();
