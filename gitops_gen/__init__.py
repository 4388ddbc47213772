"""Renders typed values into an umbrella chart, hydrated manifests and Argo CD Applications."""

__version__ = "0.1.0"
