"""What the base must make, as tables that are compared with what Terraform made.

    found.py      an applied state, in which ids are replaced by the names of what they belong to
    wanted.py     what each example asks for, as its reader understands it
    network.py, roles.py, cluster.py, addons.py, bootstrap.py
                  the tables: each says what must exist for an example, and nothing else may
    findings.py   where the two differ

A table is closed: a resource, or an argument of a resource, that no table states is a finding. So
whoever adds an argument says in a table what it must be, and whoever changes one changes it twice.
"""
