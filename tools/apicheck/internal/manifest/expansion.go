package manifest

import (
	"bytes"

	yaml "go.yaml.in/yaml/v3"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// boundedExpansion refuses a document that exceeds the limit of a manifest once its aliases are
// replaced by their values. An alias may be as short as two characters.
func boundedExpansion(document []byte) *protocol.Problem {
	if !bytes.ContainsRune(document, '&') || !bytes.ContainsRune(document, '*') {
		return nil
	}
	root := yaml.Node{}
	if err := yaml.Unmarshal(document, &root); err != nil {
		return protocol.Refuse(protocol.BadRequest, "the manifest is not valid YAML: %s", err)
	}
	sizes := expansion{sizes: map[*yaml.Node]int{}, limit: protocol.Bounds.ManifestBytes}
	if sizes.of(&root) > sizes.limit {
		return protocol.Refuse(protocol.TooLarge,
			"the manifest is larger than %d bytes once its aliases are written out", sizes.limit)
	}
	return nil
}

type expansion struct {
	sizes map[*yaml.Node]int
	limit int
}

// of returns at least the number of bytes of a node, or a number above the limit. A node that contains
// itself is above any limit.
func (e *expansion) of(node *yaml.Node) int {
	if known, found := e.sizes[node]; found {
		return known
	}
	e.sizes[node] = e.limit + 1
	size := len(node.Value) + 1
	if node.Kind == yaml.AliasNode {
		size += e.of(node.Alias)
	}
	for _, child := range node.Content {
		if size = size + e.of(child); size > e.limit {
			return e.limit + 1
		}
	}
	e.sizes[node] = size
	return size
}
