"""The rules of the API server of an environment's Kubernetes version, applied to its objects.

`sessions` runs apicheck, `verdicts` asks it about objects and combines its answers, and `rules`
contains the rules.
"""
