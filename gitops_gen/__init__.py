"""Typed values in; an umbrella chart, hydrated manifests and Argo CD Applications out."""

__version__ = "0.1.0"
