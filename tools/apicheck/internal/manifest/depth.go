package manifest

// withinDepth tells whether no more than `limit` objects and lists are open at once in a JSON text.
// It needs no stack, so that it can be asked before anything that recurses.
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
