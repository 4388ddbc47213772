package session

import (
	"gitops-gen/tools/apicheck/internal/kinds"
	"gitops-gen/tools/apicheck/internal/minor"
	"gitops-gen/tools/apicheck/internal/protocol"
	"gitops-gen/tools/apicheck/internal/verdict"
)

func (s *Session) do(request protocol.Request) (any, *protocol.Problem) {
	if request.Operation == protocol.Setup {
		return s.setUp(request)
	}
	if s.kinds == nil {
		return nil, protocol.Refuse(protocol.NotSetUp, "the first request must be %q", protocol.Setup)
	}
	switch request.Operation {
	case protocol.CRD:
		return s.kinds.Learn(request.Manifest)
	case protocol.Create, protocol.Normalize, protocol.Lifecycle:
		return s.examine(request)
	case protocol.Update:
		return s.update(request)
	}
	return nil, protocol.Refuse(protocol.BadRequest, "there is no operation %q", request.Operation)
}

func (s *Session) setUp(request protocol.Request) (any, *protocol.Problem) {
	if s.kinds != nil {
		return nil, protocol.Refuse(protocol.BadRequest,
			"setup must be the first request and the only one of its kind")
	}
	if request.Protocol != protocol.Version {
		return nil, protocol.Refuse(protocol.WrongProtocol,
			"this program implements version %d of the protocol, not %d", protocol.Version, request.Protocol)
	}
	asked, problem := minor.Emulate(request.Kubernetes)
	if problem != nil {
		return nil, problem
	}
	known, err := kinds.New(asked)
	if err != nil {
		return nil, protocol.Refuse(protocol.Internal, "%s", err)
	}
	s.kinds = known
	return protocol.Ready{
		Protocol: protocol.Version, Sources: s.sources, Linked: minor.LinkedRelease(),
		Kubernetes: asked.String(), Oldest: minor.Oldest.String(),
		NotJudged: minor.NotJudged(asked), Limits: protocol.Bounds,
	}, nil
}

func (s *Session) examine(request protocol.Request) (any, *protocol.Problem) {
	text, problem := s.parsed.parse(request.Manifest)
	if problem != nil {
		return nil, problem
	}
	switch request.Operation {
	case protocol.Create:
		return verdict.Create(s.kinds, text), nil
	case protocol.Normalize:
		return verdict.Normalize(s.kinds, text), nil
	}
	return s.kinds.Life(text.Kind), nil
}

func (s *Session) update(request protocol.Request) (any, *protocol.Problem) {
	if request.By != protocol.Apply && request.By != protocol.Replace {
		return nil, protocol.Refuse(protocol.BadRequest,
			"by must be %q or %q", protocol.Apply, protocol.Replace)
	}
	before, problem := s.parsed.parse(request.Old)
	if problem != nil {
		return nil, protocol.Refuse(problem.Reason, "the old manifest: %s", problem.Message)
	}
	after, problem := s.parsed.parse(request.Manifest)
	if problem != nil {
		return nil, problem
	}
	return verdict.Update(s.kinds, before, after, request.By)
}
