// The data of the page, and the state that decides which of it is shown.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const changes = data.groups.flatMap((group, number) =>
  group.changes.map((change) => ({ ...change, group: number })));

const state = {
  terms: [], // the words that a change must contain
  environment: "", // the number of an environment, or "" for all
  classes: new Set(), // the ids of classes; empty for all
  folded: new Set(), // the keys of headings whose rows are not shown
  open: new Map(), // whether a change is unfolded, if the user decided it
  unfoldAll: null, // whether all other changes are unfolded, if the user decided it
};

const hasDanger = (change) => change.effects.some((one) => one.danger);
const namesOf = (group) => group.environments.map((number) => data.environments[number]);

// The texts of a change in lower case. They are joined when they are first searched.
function searched(change) {
  change.searched ??= [
    change.title, change.component, change.kind, ...change.notes,
    ...namesOf(data.groups[change.group]),
    ...change.effects.flatMap((one) => [one.class, one.text, one.accepted]),
    ...change.fields.flatMap((field) => [field.label, ...field.rows.flatMap((row) => row.slice(1))]),
  ].join("\n").toLowerCase();
  return change.searched;
}

function matches(change) {
  const environments = data.groups[change.group].environments;
  return (state.environment === "" || environments.includes(Number(state.environment)))
    && (state.classes.size === 0 || classesOf(change).some((one) => state.classes.has(one)))
    && state.terms.every((term) => searched(change).includes(term));
}

function classesOf(change) {
  return change.effects.length ? change.effects.map((one) => one.class) : [""];
}

// The rows of the list: the headings of environments and components, and the changes.
function visibleRows() {
  const rows = [];
  const found = changes.map((change, number) => ({ change, number }))
    .filter(({ change }) => matches(change));
  for (const [group, members] of Map.groupBy(found, ({ change }) => change.group)) {
    rows.push({ type: "group", key: `group ${group}`, group, members });
    if (!state.folded.has(`group ${group}`)) addComponents(rows, group, members);
  }
  return { rows, found };
}

function addComponents(rows, group, members) {
  for (const [name, own] of Map.groupBy(members, ({ change }) => change.component)) {
    const key = `component ${group} ${name}`;
    rows.push({ type: "component", key, name, members: own });
    if (!state.folded.has(key)) rows.push(...own.map(changeRow));
  }
}

const changeRow = ({ change, number }) => ({ type: "change", key: `change ${number}`, change, number });
