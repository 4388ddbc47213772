"""Decides which texts may be secrets, and which values messages may show.

    names   how likely a value is a secret, according to its name
    texts   the secrets in a text, according to its form
    token_forms  the tokens of vendors, with rules from token_forms.json
    entropy how random a text is
    walk    the scalars of a tree, each with its path
    leaks   leaks(values) -> the plaintext secrets in a tree of values
    places  whether a message may show the value at a path, and the keys of a path
    hidden  Hidden.of(values) -> the values that messages must not show; masked(message) hides them

The package uses no other package of gitops-gen, so that the YAML parser, findings and reports can
use it.
"""
