package manifest

// withinDepth returns whether a JSON text is nested no deeper than `limit`. It does not recurse, so it
// may be called before functions that do.
func withinDepth(text []byte, limit int) bool {
	depth, inString, escaped := 0, false, false
	for _, character := range text {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped = character == '\\'
			inString = character != '"'
		case character == '"':
			inString = true
		case character == '{', character == '[':
			depth++
		case character == '}', character == ']':
			depth--
		}
		if depth > limit {
			return false
		}
	}
	return true
}
