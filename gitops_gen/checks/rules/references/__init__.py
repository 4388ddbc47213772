"""References to objects that nothing creates."""
