package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"gitops-gen/tools/apicheck/internal/protocol"
)

// onlyDocument returns the only document in a YAML text that contains more than comments.
func onlyDocument(text string) ([]byte, *protocol.Problem) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	var only []byte
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, protocol.Refuse(protocol.BadRequest, "the manifest is not valid YAML: %s", err)
		}
		if !hasContent(document) {
			continue
		}
		if only != nil {
			return nil, protocol.Refuse(
				protocol.BadRequest, "the manifest holds more than one document")
		}
		only = document
	}
	if only == nil {
		return nil, protocol.Refuse(protocol.BadRequest, "the manifest holds no object")
	}
	return only, nil
}

func hasContent(document []byte) bool {
	for line := range bytes.Lines(document) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && !bytes.Equal(line, []byte("---")) {
			return true
		}
	}
	return false
}
