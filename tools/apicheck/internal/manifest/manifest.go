// Package manifest parses the text of one object, YAML or JSON, within limits.
package manifest

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// Manifest is an object as JSON, with the facts about its text that JSON does not contain.
type Manifest struct {
	JSON []byte
	// Duplicates are the duplicate keys of YAML. Duplicate keys of JSON are still in JSON.
	Duplicates []Duplicate
	Kind       schema.GroupVersionKind
}

// Parse parses a text that contains one object.
func Parse(text string) (*Manifest, *protocol.Problem) {
	limit := protocol.Bounds.ManifestBytes
	if len(text) > limit {
		return nil, protocol.Refuse(protocol.TooLarge, "the manifest is larger than %d bytes", limit)
	}
	found := &Manifest{JSON: []byte(text)}
	if !utilyaml.IsJSONBuffer(found.JSON) {
		if problem := found.fromYAML(text); problem != nil {
			return nil, problem
		}
	}
	if !withinDepth(found.JSON, protocol.Bounds.Depth) {
		return nil, protocol.Refuse(
			protocol.TooLarge, "the manifest is nested deeper than %d levels", protocol.Bounds.Depth)
	}
	return found, found.readKind()
}

func (m *Manifest) fromYAML(text string) *protocol.Problem {
	document, problem := onlyDocument(text)
	if problem != nil {
		return problem
	}
	if problem := boundedExpansion(document); problem != nil {
		return problem
	}
	converted, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		m.Duplicates = duplicates(document)
		converted, err = yaml.YAMLToJSON(document)
	}
	if err != nil {
		return protocol.Refuse(protocol.BadRequest, "the manifest is not valid YAML: %s", err)
	}
	m.JSON = converted
	return nil
}

func (m *Manifest) readKind() *protocol.Problem {
	header := struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(m.JSON, &header); err != nil {
		return protocol.Refuse(protocol.BadRequest, "the manifest is not an object: %s", err)
	}
	version, err := schema.ParseGroupVersion(header.APIVersion)
	if err != nil || header.APIVersion == "" || header.Kind == "" {
		return protocol.Refuse(protocol.BadRequest, "%s", missing(header.APIVersion, header.Kind))
	}
	m.Kind = version.WithKind(header.Kind)
	return nil
}

func missing(apiVersion, kind string) string {
	return fmt.Sprintf(
		"the manifest needs an apiVersion and a kind; it has %q and %q", apiVersion, kind)
}
