"""Tables of everything that terraform/ must create, and their comparison with an applied state.

    found.py      an applied state, in which IDs are replaced by labels of the resources
    wanted.py     the settings of each example
    network.py, roles.py, cluster.py, addons.py, bootstrap.py
                  the tables of all resources of an example
    findings.py   the comparison

The tables are complete: a resource or an argument that is in no table is a finding. Therefore, each
new argument needs an entry in a table, and each change of an argument is made twice.
"""
