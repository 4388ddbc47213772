"""The flows that objects imply, with one module for each of their origins.

A module defines `implied(traffic)`, which yields `Flow`, and `Undetermined` for flows of which an
end is not known. The modules are discovered.
"""
