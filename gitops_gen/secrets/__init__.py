"""Which texts may be secrets, decided in this one package, and what messages may show of values.

    names   what a name says of the value under it
    texts   what secrets a text holds by its form, whatever its name
    token_forms  the tokens of vendors, by rules from token_forms.json
    entropy how random a text is
    walk    the single values of a tree, each with its path
    leaks   leaks(values) -> the secrets that stand in plain text in a tree of values
    places  whether a message may show the value at a path, and the keys of a path
    hidden  Hidden.of(values) -> what no message may show, and masked(message) without it

It uses nothing else of this project, so that the YAML reader, findings and reports all can.
"""
