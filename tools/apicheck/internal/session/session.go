// Package session answers requests one after the other.
package session

import (
	"encoding/json"
	"errors"
	"io"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// Session answers the requests of one caller. The first request chooses the minor version.
type Session struct {
	sources string
	kinds   *kinds.Kinds
	parsed  memory
}

// New returns a session. `sources` is the digest of the sources of this program.
func New(sources string) *Session { return &Session{sources: sources} }

// Run answers requests until the input ends. It returns errors of reading and writing.
func (s *Session) Run(input io.Reader, output io.Writer) error {
	lines := protocol.NewLines(input, protocol.Bounds.LineBytes)
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for {
		line, problem, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		answer := protocol.Answer{Error: problem}
		if problem == nil {
			answer = s.Answer(line)
		}
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
}

// Answer answers one request.
func (s *Session) Answer(line []byte) protocol.Answer {
	request, problem := protocol.Parse(line)
	if problem != nil {
		return protocol.Answer{ID: request.ID, Error: problem}
	}
	result, problem := s.guarded(request)
	if problem != nil {
		return protocol.Answer{ID: request.ID, Error: problem}
	}
	return protocol.Answer{ID: request.ID, Result: result}
}

// guarded converts a panic to a Problem. Some rules of Kubernetes panic at unusual objects.
func (s *Session) guarded(request protocol.Request) (result any, problem *protocol.Problem) {
	defer func() {
		if fault := recover(); fault != nil {
			problem = protocol.Refuse(protocol.Internal,
				"the rules of Kubernetes failed at this object: %v", fault)
		}
	}()
	return s.do(request)
}

// memory is the last parsed manifest. Callers ask several questions about one manifest.
type memory struct {
	text   string
	result *manifest.Manifest
}

func (m *memory) parse(text string) (*manifest.Manifest, *protocol.Problem) {
	if m.result != nil && m.text == text {
		return m.result, nil
	}
	parsed, problem := manifest.Parse(text)
	if problem == nil {
		*m = memory{text: text, result: parsed}
	}
	return parsed, problem
}
