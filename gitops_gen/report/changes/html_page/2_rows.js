// Elements of the rows. Texts of the data are only ever text nodes, never markup.

const SIGNS = { added: "+", changed: "~", renamed: "±", removed: "−" };

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const unseen = (text) => element("span", "unseen", text);

// A text in which the words of the search are marked.
function marked(text) {
  const lower = text.toLowerCase();
  const term = state.terms.find((one) => lower.includes(one));
  if (!term || lower.length !== text.length) return [text];
  const at = lower.indexOf(term);
  const end = at + term.length;
  return [text.slice(0, at), element("mark", "", text.slice(at, end)), ...marked(text.slice(end))];
}

// A text in which names between backticks are code.
function prose(text) {
  return text.split("`").flatMap((part, index) =>
    index % 2 ? [element("code", "", ...marked(part))] : marked(part));
}

// Headings

function rowElement(row) {
  const level = { group: "h3", component: "h4", change: "h5" }[row.type];
  const made = element("div", `row ${row.type}`, element(level, "", toggle(row)));
  made.dataset.key = row.key;
  if (row.type === "change") {
    made.id = `change-${row.number}`;
    made.classList.add(row.change.kind);
    if (isOpen(row)) made.append(details(row.change));
  }
  made.classList.toggle("open", row.type === "change" && isOpen(row));
  return made;
}

function toggle(row) {
  const made = element("button", "toggle", ...contentOf(row));
  made.type = "button";
  made.setAttribute("aria-expanded", row.type === "change" ? isOpen(row) : !state.folded.has(row.key));
  return made;
}

function contentOf(row) {
  if (row.type === "change") return changeTitle(row.change);
  const name = row.type === "group" ? groupName(row.group) : row.name || "(no Application)";
  const count = element("span", "faint", countText(row.members));
  return [element("span", "label", element("span", "name", ...marked(name)), count)];
}

function groupName(number) {
  const names = namesOf(data.groups[number]);
  const first = names.slice(0, 8).join(", ");
  const state = data.groups[number].state;
  const more = names.length > 8 ? ` and ${names.length - 8} more environments` : "";
  return `${first}${more}${state ? ` (${state} environment)` : ""}`;
}

function countText(members) {
  const dangers = members.filter(({ change }) => hasDanger(change)).length;
  const total = counted(members.length, "object");
  return dangers ? `${total}, ${dangers} with dangers` : total;
}

function changeTitle(change) {
  const sign = element("span", "sign", SIGNS[change.kind]);
  sign.setAttribute("aria-hidden", "true");
  const classes = new Map(change.effects.map((one) => [one.class + one.accepted, one]));
  const name = element("span", "name code", unseen(`${change.kind} `), ...marked(change.title));
  return [sign, element("span", "label", name, ...[...classes.values()].map(badge))];
}

function badge(effect) {
  const kind = effect.accepted ? "accepted" : effect.danger ? "danger" : "";
  return element("span", `badge ${kind}`, effect.class);
}

// The details of a change

function details(change) {
  const made = element("div", "details");
  made.append(...change.effects.filter((one) => one.field < 0).map(effectLine));
  made.append(...change.notes.map((note) => element("p", "code", ...marked(note))));
  made.append(...change.fields.map((field, number) => fieldElement(change, field, number)));
  made.append(...remarks(change).map((text) => element("p", "faint", text)));
  return made;
}

function remarks(change) {
  const texts = [];
  if (change.unlisted) texts.push(`${counted(change.unlisted, "more changed field")}, which --format json lists`);
  if (change.unchanged) texts.push(counted(change.unchanged, "unchanged field"));
  return texts;
}

function effectLine(effect) {
  const probably = effect.probably ? "probably: " : "";
  const line = element("p", "effect", badge(effect), probably, ...prose(effect.text));
  if (effect.accepted) line.append(element("span", "faint", ` accepted: ${effect.accepted}`));
  return line;
}

function fieldElement(change, field, number) {
  const label = element("p", "code", ...marked(field.label));
  if (field.reordered) label.append(element("span", "faint", " only the order differs"));
  const effects = change.effects.filter((one) => one.field === number).map(effectLine);
  const rows = element("div", isCompared(field) ? "rows" : "rows single", ...field.rows.map(pair));
  return element("div", "field", ...(field.label ? [label] : []), ...effects, rows);
}

// Whether a field has an old and a new value.
const isCompared = (field) => field.rows.some(([sign]) => "~=".includes(sign))
  || new Set(field.rows.map(([sign]) => sign).filter((sign) => sign !== "…")).size > 1;

// One row of values: two cells, which are beside each other or below each other.

function pair([sign, first, second]) {
  if (sign === "…") return element("div", "gap cell", `${counted(first, "line")} not shown`);
  return element("div", "pair", ...cells(sign, first, second));
}

function cells(sign, first, second) {
  const nothing = () => element("div", "cell none");
  if (sign === "=") return [element("div", "cell same", ...marked(first)), element("div", "cell same right", first)];
  if (sign === "+") return [nothing(), cell("new", marked(first))];
  if (sign === "-") return [cell("old", marked(first)), nothing()];
  const [old, after] = emphasized(first, second);
  return [cell("old", old), cell("new", after)];
}

function cell(side, content) {
  return element("div", `cell ${side}`, unseen(side === "old" ? "old: " : "new: "), ...content);
}

// Both texts, with emphasis on the part that differs, unless the search finds a part of them.
function emphasized(old, after) {
  const all = [old, after].map(marked);
  if (all.some((parts) => parts.length > 1)) return all;
  const shorter = Math.min(old.length, after.length);
  let start = 0;
  while (start < shorter && old[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === after.at(-1 - end)) end++;
  return [old, after].map((text) => [
    text.slice(0, start),
    element("b", "", text.slice(start, text.length - end)),
    text.slice(text.length - end),
  ]);
}
