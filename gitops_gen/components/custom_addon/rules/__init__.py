"""Rules for user-defined charts that a schema cannot express: modules define
`findings(environment)`.

Rules have access to values but not to files. The render checks that the folder at `path` exists,
contains a Chart.yaml and has no links to files outside the repository.
"""
