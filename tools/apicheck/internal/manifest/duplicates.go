package manifest

import (
	yaml "go.yaml.in/yaml/v3"

	"gitops-gen/tools/apicheck/internal/fields"
)

// Duplicate is a key that a map contains twice.
type Duplicate struct {
	Field string
	Line  int
}

// duplicates returns all duplicate keys; none if the document cannot be read.
func duplicates(document []byte) []Duplicate {
	root := yaml.Node{}
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil
	}
	return below(&root, nil)
}

func below(node *yaml.Node, path []any) []Duplicate {
	var found []Duplicate
	switch node.Kind {
	case yaml.DocumentNode:
		for _, child := range node.Content {
			found = append(found, below(child, path)...)
		}
	case yaml.SequenceNode:
		for index, child := range node.Content {
			found = append(found, below(child, append(path[:len(path):len(path)], index))...)
		}
	case yaml.MappingNode:
		found = inMap(node, path)
	}
	return found
}

func inMap(node *yaml.Node, path []any) []Duplicate {
	var found []Duplicate
	seen := map[string]bool{}
	for index := 0; index+1 < len(node.Content); index += 2 {
		key := node.Content[index]
		here := append(path[:len(path):len(path)], key.Value)
		if seen[key.Value] {
			found = append(found, Duplicate{Field: fields.String(here), Line: key.Line})
		}
		seen[key.Value] = true
		found = append(found, below(node.Content[index+1], here)...)
	}
	return found
}
