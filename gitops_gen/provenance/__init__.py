"""Which line of the values is behind a rendered field, and which fields a value reaches.

    provenance = Provenance.of(workspace, loaded, run)   renders the environment once
    provenance.reach(path)                  -> the fields that change with a value
    provenance.origin(identity, field)      -> all lines that a field depends on
    provenance.lines_behind(fields)         -> the one best line for each of many fields
    provenance.replaced(replacements)       -> the fields that change with given other values
    explained(provenance, layers, …)        -> a value, its layers, its default and its reach

How it works: nothing is guessed from equal texts. One leaf of the merged values gets another
value, the environment is rendered again, and its objects are compared field by field with those
of the base. What differs depends on the leaf, whatever the templates do with it. So this includes
conditions in templates and values that are computed.

1. `alternatives` chooses the other value by the schema: another member of an enum, another integer
   within the bounds, another string that matches the pattern, with the same type. `experiments`
   validates the changed values with the schema and the rules, and plans them. If they are refused,
   it tries the next alternative, and at last the removal of the key. A leaf of which every change
   is refused is reported as unknown, never as a leaf without effect.
2. `candidates` leaves out, without Helm, what cannot reach the component: a leaf whose change does
   not change the values that the component's chart gets. Groups of leaves are planned together
   and halved, because most leaves reach only one component.
3. `selection` keeps the cost within a budget. It changes each candidate alone, twice if possible:
   a template may compare a number, and then one change shows only a part of the effect. If the
   candidates are too many, it changes groups of them first, and then only the leaves of groups
   with an effect.
4. `render.variants` renders only the charts of the components that a change reaches, those of many
   variants in one run of Helm. So a variant costs a fraction of a render of the umbrella. `Cost`
   counts in renders of one umbrella: rendered charts divided by the charts of the umbrella.
5. `comparison` compares the objects. Items of a list are matched by their names, and an object that
   only changed its namespace or its name is the same object.
6. `cache` keeps what was observed in .gitops-gen/provenance, by the content of all inputs.
"""

from gitops_gen.provenance.comparison import Difference, Effect
from gitops_gen.provenance.engine import Provenance
from gitops_gen.provenance.explanation import (
    UnknownKey,
    ValueExplanation,
    WrittenValue,
    explained,
)
from gitops_gen.provenance.leaves import Unset, ValueLayer
from gitops_gen.provenance.naming import (
    NamedField,
    UnknownObject,
    fields_of,
    named,
    names_an_object,
)
from gitops_gen.provenance.result import Line, Origin, Reach, Unknown

__all__ = [
    "Difference",
    "Effect",
    "Line",
    "NamedField",
    "Origin",
    "Provenance",
    "Reach",
    "Unknown",
    "UnknownKey",
    "UnknownObject",
    "Unset",
    "ValueExplanation",
    "ValueLayer",
    "WrittenValue",
    "explained",
    "fields_of",
    "named",
    "names_an_object",
]
