"""What the schema cannot say of an add-on of the user's own: each module defines
`findings(environment)`.

That the folder at `path` exists, holds a Chart.yaml and leads nowhere outside the repository
is seen when it is rendered: a rule knows the values and no files.
"""
