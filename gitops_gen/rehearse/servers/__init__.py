"""The programs of a rehearsal: found, started apart from everything else, looked after, stopped.

What is in here knows nothing of trees, revisions and results.
"""
