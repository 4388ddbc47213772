"""What a render did, with one module per format."""
