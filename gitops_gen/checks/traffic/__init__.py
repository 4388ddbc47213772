"""The traffic of one environment: its Pods, its Services, and what NetworkPolicies allow.

`Traffic` derives the flows that the values imply from the rendered objects and from what components
declare. What cannot be determined, because objects are not rendered, is `Truth.UNKNOWN`.
"""
