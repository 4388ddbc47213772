// Package session answers requests, one after the other.
package session

import (
	"encoding/json"
	"errors"
	"io"

	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/manifest"
	"gitops-gen/tools/apicheck/internal/protocol"
)

// Session is one conversation with a caller. It has a minor version from its first request on.
type Session struct {
	sources string
	kinds   *kinds.Kinds
	parsed  memory
}

// New makes a session. `sources` is the digest of the sources of this program.
func New(sources string) *Session { return &Session{sources: sources} }

// Run answers until the input ends. Its error is one of reading or writing.
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

// guarded makes an error of a panic. Rules of Kubernetes have panicked at odd objects before.
func (s *Session) guarded(request protocol.Request) (result any, problem *protocol.Problem) {
	defer func() {
		if fault := recover(); fault != nil {
			problem = protocol.Refuse(protocol.Internal,
				"the rules of Kubernetes failed at this object: %v", fault)
		}
	}()
	return s.do(request)
}

// memory is the last manifest that was read. A caller asks several questions about each.
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
