"""One module per command; each module defines `command`."""
