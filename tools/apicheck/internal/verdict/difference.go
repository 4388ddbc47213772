package verdict

import (
	"maps"
	"slices"

	"gitops-gen/tools/apicheck/internal/protocol"
)

func inMaps(path []any, given, normal map[string]any) []protocol.Change {
	var found []protocol.Change
	for _, key := range slices.Sorted(maps.Keys(given)) {
		found = append(found, differences(below(path, key), given[key], normal[key])...)
	}
	return found
}

func inLists(path []any, given, normal []any) []protocol.Change {
	var found []protocol.Change
	for index, item := range given {
		var other any
		if index < len(normal) {
			other = normal[index]
		}
		found = append(found, differences(below(path, index), item, other)...)
	}
	return found
}

// below returns a copy of the path with a part at its end. Without a copy, paths would share memory.
func below(path []any, part any) []any {
	return append(path[:len(path):len(path)], part)
}
