package verdict

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"gitops-gen/tools/apicheck/internal/kinds"
)

// attempts limits how often an object is decoded to find the value that cannot be decoded.
const attempts = 400

// locate returns the path of the value because of which an object cannot be decoded: without it, the
// error is different. The decoder's messages contain no indexes of lists, and for quantities no field.
func locate(codec kinds.Codec, text []byte, message string) []any {
	var root map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // The messages quote numbers as they stand in the text.
	if decoder.Decode(&root) != nil {
		return nil
	}
	search := search{codec: codec, root: root, message: message, left: attempts}
	return search.below(root, nil)
}

type search struct {
	codec   kinds.Codec
	root    map[string]any
	message string
	left    int
}

func (s *search) below(value any, path []any) []any {
	switch parent := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(parent)) {
			child := parent[key]
			if len(path) == 0 && (key == "apiVersion" || key == "kind") {
				continue // Without these, nothing can be decoded.
			}
			if s.decides(func() { parent[key] = nil }, func() { parent[key] = child }) {
				return s.below(child, append(path, key))
			}
		}
	case []any:
		for index, child := range parent {
			if s.decides(func() { parent[index] = nil }, func() { parent[index] = child }) {
				return s.below(child, append(path, index))
			}
		}
	}
	return path
}

// decides returns whether the error is different while a value is null, which each type accepts.
func (s *search) decides(remove, restore func()) bool {
	if s.left--; s.left < 0 {
		return false
	}
	remove()
	defer restore()
	text, err := json.Marshal(s.root)
	if err != nil {
		return false
	}
	_, _, err = s.codec.Decode(text)
	return err == nil || err.Error() != s.message
}
