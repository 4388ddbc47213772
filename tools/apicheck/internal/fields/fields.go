// Package fields prints the path of a field as the API server does.
package fields

import (
	"fmt"
	"strings"
)

// String prints keys and indexes, as in spec.containers[0].image. A key that contains a dot is printed
// in brackets, as in metadata.labels[example.org/team].
func String(path []any) string {
	text := strings.Builder{}
	for _, part := range path {
		key, isKey := part.(string)
		switch {
		case !isKey:
			fmt.Fprintf(&text, "[%v]", part)
		case strings.ContainsAny(key, "./"):
			fmt.Fprintf(&text, "[%s]", key)
		case text.Len() > 0:
			text.WriteString("." + key)
		default:
			text.WriteString(key)
		}
	}
	return text.String()
}
